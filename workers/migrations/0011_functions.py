"""Papers that somebody else recorded, facts that follow their employer, readings that go with their sheet."""

from django.db import migrations

from workers.journey import facts_follow
from workers.models import authors
from workers.sheets import forgetting


class Migration(migrations.Migration):
    dependencies = [("workers", "0010_policies")]

    operations = [authors.PAPER_GUARD, facts_follow.INSTALL, facts_follow.EARLIER, forgetting.INSTALL]
