"""Words that tell of health or abuse, language by language, and what looks like them and stands in every sheet."""

import pytest

from workers.sheets.restricted import tells_of_health_or_abuse

TELLS = {
    "en": ["Pregnant, sent home", "was beaten by the driver", "he is ill", "HIV positive", "had an operation", "locked up at night"],
    "fr": ["elle est enceinte", "chez le médecin", "harcelée par le chef", "victime de la traite des personnes", "fièvre", "décédé"],
    "es": ["está embarazada", "fue al médico", "muerto en julio", "acoso del capataz", "víctima de trata de personas", "violación"],
    "pt": ["está grávida", "ficou doente", "foi espancado", "ameaça do chefe", "lesão no joelho"],
    "to": ["ʻoku feitama", "ʻi he falemahaki", "Naʻe lavea hono nima", "puke"],
    "sm": ["o loʻo gasegase", "i le falemaʻi", "na sauāina"],
    "tpi": ["meri i gat bel", "em i sik", "ol i paitim em", "long haus sik"],
    "bi": ["hem i stap long hospitol", "oli faetem hem", "hem i ded"],
    "ar": [
        "العاملة حامل في الشهر الثالث", "مَرِيض منذ أسبوع", "نُقل إلى المستشفى", "تعرضت للتحرش من المشرف", "اعتداء جنسي",
        "يهدده صاحب العمل", "والمرض يمنعه", "بإصابة في اليد", "أُصيب؟ نعم، إصابة عمل", "إجـــازة مرضية", "الاتجار بالبشر",
        "توفي في يوليو", "عند الطبيب",
    ],
}  # fmt: skip
HARMLESS = {
    "en": [
        "forklift operator", "Beatrice arrives on Monday", "still waits for the visa", "white shirt, illegible copy", "a good mate",
        "operations manager called", "studio flat", "packing stage, deadline Friday",
    ],
    "fr": ["dossier traité", "prêt à partir", "violet", "elle force la porte", "virement reçu"],
    "es": ["se trata de su visado", "acostumbrado al frío", "llega el martes", "sidra y uva"],
    "pt": ["explorar outras opções", "chegou na terça"],
    "pacific": ["mai Apia", "Te Puke orchard, block 4", "Manuʻa", "deduction agreed", "silk shirt", "spare room"],
    "ar": [
        "الجنسية: مصرية", "جنسيته مغربية", "حامل جواز سفر مغربي", "حامل تأشيرة عمل", "تاريخ الولادة ناقص", "توفير السكن",
        "ضريبة الدخل", "كلمات المرور", "سكرتير المكتب", "عبد الله وعبيد", "طبيعي وجيد", "عقد جديد", "في أيام الأعياد", "أصابع اليد",
        "معاقبة المتأخر", "بنفسي كتبت", "تاجر كبير", "إضراب النقل",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in TELLS.items() for text in texts])
def test_what_tells_of_health_or_abuse_is_noticed(language, text):
    assert tells_of_health_or_abuse(text)


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in HARMLESS.items() for text in texts])
def test_what_only_looks_like_it_is_not(language, text):
    assert not tells_of_health_or_abuse(text)


def test_one_letter_is_one_letter_however_it_is_typed():
    for spelt in ("مستشفى", "مستشفي", "المُسْتَشْفَى", "مستشفـــى", "بالمستشفى", "مستشفی"):
        assert tells_of_health_or_abuse(spelt), spelt
