"""The pages of jobs: one's own organisation's, with live progress, a result and a way to ask again."""

from django.db import transaction

from accounts import jobs
from accounts.models import Job
from accounts.scope import acting_as, operator_scope
from tests.accounts.working import now, sql


def make(cast, state: str, name: str = "ines", **values) -> Job:
    with cast.acting(name) as by, transaction.atomic():
        job = jobs.ask("compile_report", key=f"{name}-{state}", by=by)
    ended = "clock_timestamp()" if state in {"done", "failed"} else "null"
    sql(f"update accounts_job set state = %s, finished_at = {ended} where id = %s", state, job.pk)
    with acting_as(operator_scope()):
        Job.objects.filter(pk=job.pk).update(**values)
        return Job.objects.get(pk=job.pk)


def test_the_list_shows_ones_own_organisations_jobs_with_their_results(sign_in, cast, sent):
    done = make(cast, "done", result={"url": "/editions/7/", "words": "Edition 7 is ready."})
    make(cast, "failed", trouble="The file has no rows.")
    theirs = make(cast, "running", "sefo")
    page = sign_in("ines").get("/jobs/").content.decode()
    assert f'href="/jobs/{done.pk}/"' in page
    assert 'href="/editions/7/"' in page
    assert "The file has no rows." in page
    assert f"/jobs/{theirs.pk}/" not in page


def test_another_organisations_job_does_not_exist(sign_in, cast, sent):
    theirs = make(cast, "failed", "sefo")
    client = sign_in("ines")
    assert client.get(f"/jobs/{theirs.pk}/").status_code == 404
    assert client.get(f"/jobs/{theirs.pk}/progress/").status_code == 404
    assert client.post(f"/jobs/{theirs.pk}/again/").status_code == 404
    assert now(theirs).state == "failed"


def test_progress_is_asked_for_until_the_end(sign_in, cast, sent):
    client = sign_in("ines")
    running = make(cast, "running", progress_done=3, progress_total=10, progress_words="Counting placements")
    whole, part = client.get(f"/jobs/{running.pk}/"), client.get(f"/jobs/{running.pk}/progress/")
    assert part.status_code == 200
    swapped, facts, finished = part.content.decode().partition('<div id="job-facts"')
    assert swapped.strip() in whole.content.decode(), "a swapped part equals the fresh page"
    assert facts, "what stands beside the progress is renewed with it"
    assert "Not yet" in finished
    assert "Counting placements" in part.content.decode()
    assert 'hx-trigger="every 2s"' in part.content.decode()
    done = make(cast, "done", result={"url": "/editions/7/", "words": "Ready."})
    part = client.get(f"/jobs/{done.pk}/progress/")
    assert part.status_code == 286
    assert 'href="/editions/7/"' in part.content.decode()
    assert "hx-trigger" not in part.content.decode()
    assert 'id="job-facts" hx-swap-oob="true"' in part.content.decode()
    assert "hx-swap-oob" not in client.get(f"/jobs/{done.pk}/").content.decode()


def test_only_the_asker_asks_again(sign_in, cast, sent, django_capture_on_commit_callbacks):
    failed = make(cast, "failed", trouble="The file has no rows.")
    colleague = sign_in("mara")
    assert "Ask again" not in colleague.get(f"/jobs/{failed.pk}/").content.decode()
    assert colleague.post(f"/jobs/{failed.pk}/again/").status_code == 403
    client = sign_in("ines")
    assert "Ask again" in client.get(f"/jobs/{failed.pk}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/jobs/{failed.pk}/again/")
    assert (answer.status_code, answer["Location"]) == (303, f"/jobs/{failed.pk}/")
    assert now(failed).state == "waiting"
    assert sent == [failed.pk]


def test_a_result_never_leads_to_another_site(sign_in, cast, sent):
    done = make(cast, "done", result={"url": "https://evil.example/", "words": "Ready."})
    page = sign_in("ines").get(f"/jobs/{done.pk}/").content.decode()
    assert "evil.example" not in page


def test_the_list_pages_by_key_and_costs_the_same_for_many(sign_in, cast, sent, django_assert_max_num_queries):
    with cast.acting("ines") as by:
        for n in range(35):
            jobs.ask("compile_report", key=f"many-{n}", by=by)
    client = sign_in("ines")
    client.get("/jobs/")
    with django_assert_max_num_queries(20):
        first = client.get("/jobs/")
    assert first.content.decode().count('<th scope="row">') == 30
    second = client.get(first.context["older"])
    assert second.content.decode().count('<th scope="row">') >= 5
    assert client.get("/jobs/?before=abc").status_code == 200
