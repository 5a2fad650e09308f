"""A few files for one pilot: drawn pictures marked as specimens, of nobody and nothing, kept through the door."""

import io
from datetime import date

from PIL import Image, ImageDraw
from pypdf import PdfWriter

from accounts.scope import acting_as
from compliance.evidence import attach
from compliance.models import Check
from lamp_portal.world import papers
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk
from workers.files.door import keep, look
from workers.files.records import KINDS
from workers.models import CostItem, IdentityDocument, TrainingRecord

PILOT = "tonga-apples"
PAPERS = 3
INK, SHADE, SHEET = "#33415c", "#b8c2d3", "#f6f4ee"


def proofs(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Copies of passports, a receipt, a certificate and what was photographed at a check, for workers who are there."""
    there = [walk for walk in walks if walk.day_of("working") and walk.step == "working"]
    if plan.slug != PILOT or not there:
        return
    placements = [papers.placements_of(plan, ground, there)[walk.placement_id] for walk in there[:PAPERS]]
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        for placement in placements:
            passport = IdentityDocument.objects.filter(person_id=placement.person_id, kind="passport").first()
            if passport:
                kind = KINDS["document"]
                keep(kind.files, card("SPECIMEN PASSPORT"), by=by, name="passport.jpg", **kind.owners(passport))
        rows = {
            "cost": CostItem.objects.filter(placement__in=placements).order_by("placement__person__worker_code", "pk").first(),
            "training": TrainingRecord.objects.filter(placement=placements[0], passed=True).order_by("pk").first(),
        }  # fmt: skip
        for code, row in rows.items():
            if row is not None:
                name, sent = (
                    ("receipt.jpg", slip("SPECIMEN RECEIPT")) if code == "cost" else ("certificate.pdf", certificate())
                )
                keep(KINDS[code].files, sent, by=by, name=name, **KINDS[code].owners(row))
    _at_a_check(plan, ground, placements[0].pk, today)


def _at_a_check(plan: PilotPlan, ground: Ground, placement_id: int, today: date) -> None:
    with acting_as(ground.hands.of(plan.welfare, "welfare_officer")) as by:
        checks = Check.objects.filter(placement_id=placement_id, restricted=False, done_on__lte=today)
        check = checks.order_by("-done_on", "pk").first()
        answer = check.answers.order_by("item").first() if check else None
        if check and answer:
            attach([check.pk], {answer.item: look(slip("SPECIMEN PAYSLIP"), "payslip.jpg")}, by=by)


def card(title: str) -> bytes:
    """A picture of a paper with a shape where a face would be."""
    picture, draw = _sheet((1000, 680), title)
    draw.rounded_rectangle((60, 140, 360, 560), 20, fill=SHADE)
    draw.ellipse((150, 200, 270, 340), fill=SHEET)
    draw.pieslice((110, 360, 310, 620), 180, 360, fill=SHEET)
    _lines(draw, 420, 160, 520, 8)
    return _jpeg(picture)


def slip(title: str) -> bytes:
    """A picture of a narrow paper with lines and a sum."""
    picture, draw = _sheet((600, 900), title)
    _lines(draw, 60, 160, 480, 9)
    draw.rectangle((60, 720, 540, 724), fill=INK)
    draw.rectangle((380, 750, 540, 780), fill=INK)
    return _jpeg(picture)


def certificate() -> bytes:
    """A PDF of one blank page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


def _sheet(size: tuple[int, int], title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", size, SHEET)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, size[0], 90), fill=INK)
    draw.text((60, 30), title, fill=SHEET, font_size=34)
    return picture, draw


def _lines(draw: ImageDraw.ImageDraw, left: int, top: int, width: int, count: int) -> None:
    for number in range(count):
        y = top + number * 52
        draw.rectangle((left, y, left + width * (5 + number * 3 % 5) // 10, y + 16), fill=SHADE)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
