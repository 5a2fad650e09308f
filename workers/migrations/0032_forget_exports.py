from django.db import migrations

from workers.exports.retention import INSTALL


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0031_take_back_of_the_batch'),
    ]

    operations = [INSTALL]
