"""Who may do what: every page and every endpoint, for everybody. Written by hand; whoever adds an address adds a line.

A stranger who asks for a page is led to the door, a colleague who may not hears 403 and whom to ask, and what somebody
may not even know of is missing: 404, as if its id were made up.
"""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.endpoints import ENDPOINTS, KEYS, WHICH
from tests.house import House, routes
from tests.verdicts import as_table, rows, undone, verdict, without_idle

pytestmark = pytest.mark.django_db

ROLES = ["stranger", "employee", "manager", "people admin", "designer", "administrator", "other manager"]

# In the order of ROLES. "door": led to the sign-in. "no": 403. "gone": 404. "-": the page does not take that.
WHO = {
    "anybody": "yes  yes  yes  yes  yes yes yes",
    "colleagues": "door yes  yes  yes  yes yes yes",
    "designers": "door no   no   no   yes yes no",
    "its readers": "door gone gone gone yes yes gone",
    "people admins": "door no   no   yes  no  yes no",
    "step staffers": "door no   no   no   yes yes no",  # nobody performs it, so nobody leads a performer
    "role namers": "door no   no   yes yes yes no",
    "their keepers": "door gone gone yes gone yes gone",  # of somebody who has left, and never reported to this manager
    "record readers": "door yes  yes  yes  no   yes no",  # of the employee, who reports to the manager
    "colleagues at work": "door yes  yes  yes  no   yes yes",  # a peer may say what they saw, and sees nothing by it
    "leaders": "door no   yes  yes  no   yes no",  # of the employee
    "only oneself": "door yes  no   no   no   no no",
    "figure readers": "door no   yes  yes  yes yes yes",
    "team leaders": "door no   yes  no   no  no yes",
    "their team's leaders": "door no   yes  no   no   no  no",
    "who entered it": "door gone yes  gone gone gone gone",
    "planners": "door no   yes  yes  no   yes yes",
    "programme seers": "door yes  yes  yes  gone yes gone",
    "programme readers": "door yes  yes  yes  yes  yes gone",  # a designer sees its work, and in it nobody
    "programme keepers": "door no   yes  yes  gone yes gone",
    "nobody of it": "door no   gone gone gone gone gone",  # the address names no fact
    "talkers": "door no   yes  no   gone no gone",
    "people here": "door yes  yes  no   no   no yes",
    "only the learner": "door yes  gone gone gone gone gone",
    "administrators": "door no   no   no   no  yes no",
    "factor holders": "door gone gone gone gone gone gone",  # in this house nobody has a second factor
    "nobody": "gone gone gone gone gone gone gone",
    "link holders": "no   yes  yes  yes  yes yes yes",  # or whoever is signed in
    "nobody asked": "door no   no   no   no   no no",  # somebody else is asked, and only they answer
    "-": "-    -    -    -    -   - -",
}
PAGES = """
# page                                 of what            who sees it     who does it
account_login                          .                  anybody         anybody
account_logout                         .                  anybody         anybody
account_inactive                       .                  anybody         -
account_reauthenticate                 .                  colleagues      colleagues
account_change_password                .                  colleagues      colleagues
account_set_password                   .                  colleagues      colleagues
account_reset_password                 .                  anybody         anybody
account_reset_password_done            .                  anybody         -
account_reset_password_from_key        .                  anybody         anybody
account_reset_password_from_key_done   .                  anybody         -
sign_on                                .                  -               nobody
sign_on_callback                       .                  nobody          -
mfa_index                              .                  colleagues      -
mfa_authenticate                       .                  anybody         anybody
mfa_reauthenticate                     .                  colleagues      colleagues
mfa_activate_totp                      .                  colleagues      colleagues
mfa_deactivate_totp                    .                  factor holders  factor holders
mfa_view_recovery_codes                .                  factor holders  -
mfa_generate_recovery_codes            .                  colleagues      colleagues
mfa_download_recovery_codes            .                  factor holders  factor holders

health                                 .                  anybody         -
api_schema                             .                  anybody         -
api_docs                               .                  anybody         -
api_nothing_here                       anything           nobody          nobody
scim_nothing_here                      anything           nobody          nobody

home                                   .                  colleagues      -
words                                  .                  colleagues      -
search                                 .                  colleagues      -
gap_list                               .                  colleagues      -
gap_export                             list as csv        figure readers  -
gap_export                             list as xlsx       figure readers  -
heatmap_show                           .                  colleagues      -
heatmap_export                         list as csv        team leaders    -
why_show                               .                  colleagues      -
why_export                             list as csv        colleagues      -
readiness_show                         .                  figure readers  -
risk_show                              outcome            figure readers  -
cover_show                             step               figure readers  -
cell_show                              cell               their team's leaders  -
skill_cell_show                        skill's cell       their team's leaders  -
evidence_enter                         .                  team leaders    team leaders
evidence_enter_export                  list as csv        team leaders    -
evidence_take_back                     entry              -               who entered it
still_doing                            somebody           -               leaders
gap_overrule                           gap                leaders         leaders
overrule_remove                        overrule           -               leaders
cause_name                             gap                leaders         leaders
cause_remove                           cause              -               leaders
person_list                            .                  colleagues      -
person_export                          .                  people admins   -
person_show                            colleague          colleagues      -
person_show                            leaver             their keepers   -
person_correct                         field              people admins   people admins
person_correct                         leaver's field     their keepers   their keepers
correction_remove                      field              -               people admins
person_terminate                       colleague          people admins   people admins
person_restore                         leaver             -               their keepers
team_list                              .                  colleagues      -
team_show                              team               colleagues      -
job_role_list                          .                  colleagues      -
job_role_add                           .                  role namers     role namers
job_role_change                        job role           role namers     role namers
job_role_retire                        job role           -               role namers
job_role_restore                       job role           -               role namers
job_title_list                         .                  people admins   -
job_title_map                          ticked titles      -               people admins
job_title_undo                         mapping            -               people admins
run_list                               .                  people admins   -
run_show                               run                people admins   -
run_changes                            run                people admins   -
run_problems                           run                people admins   -
run_approve                            run                people admins   people admins
upload_add                             .                  people admins   people admins
upload_show                            upload             people admins   people admins
upload_look                            upload             -               people admins
upload_apply                           upload             -               people admins
run_reject                             run                people admins   people admins
run_restore                            run                people admins   people admins

settings_home                          .                  colleagues      -
digest_choose                          .                  -               colleagues
source_list                            .                  people admins   -
source_allow                           source             people admins   people admins
source_change                          source             people admins   people admins
privacy_show                           .                  colleagues      -
person_erase                           leaver             administrators  administrators
account_list                           .                  administrators  -
account_open                           .                  administrators  administrators
account_show                           account            administrators  -
account_roles                          account            administrators  administrators
account_close                          account            administrators  administrators
account_reopen                         account            administrators  administrators
factor_reset                           account            administrators  administrators
sign_on_forget                         account            administrators  administrators
sign_on_show                           .                  administrators  -
key_list                               .                  people admins   -
key_add                                .                  people admins   people admins
key_revoke                             key                people admins   people admins
key_take_over                          key                people admins   people admins
webhook_list                           .                  people admins   -
webhook_add                            .                  people admins   people admins
webhook_show                           webhook            people admins   -
webhook_change                         webhook            people admins   people admins
webhook_rotate                         webhook            people admins   people admins
webhook_switch                         webhook            -               people admins
webhook_test                           webhook            -               people admins
webhook_replay                         webhook            people admins   people admins
webhook_remove                         webhook            people admins   people admins
delivery_replay                        delivery           -               people admins

review_intervals                       .                  administrators  administrators
review_intervals_undo                  batch              -               administrators
lrs_show                               .                  administrators  -
lrs_export                             list as csv        administrators  -
lrs_export                             list as xlsx       administrators  -
told_show                              .                  colleagues      -
lrs_connect                            .                  administrators  administrators
lrs_switch                             .                  -               administrators
lrs_test                               .                  -               administrators
lrs_again                              .                  -               administrators
lrs_forget                             .                  administrators  administrators
statement_again                        statement          -               administrators

workflow_list                          .                  colleagues      -
workflow_show                          workflow           colleagues      -
workflow_revision                      workflow           colleagues      -
workflow_history                       workflow           colleagues      -
workflow_add                           .                  designers       designers
workflow_change                        workflow           designers       designers
workflow_retire                        workflow           designers       designers
workflow_restore                       workflow           designers       designers
step_add                               workflow           designers       designers
step_change                            step               designers       designers
step_move                              step               designers       designers
step_retire                            step               designers       designers
step_restore                           step               designers       designers
outcome_add                            step               designers       designers
outcome_change                         outcome            designers       designers
outcome_retire                         outcome            designers       designers
outcome_restore                        outcome            designers       designers
handoff_add                            outcome            designers       designers
handoff_change                         handoff            designers       designers
handoff_retire                         handoff            designers       designers
handoff_restore                        handoff            designers       designers

skill_list                             .                  colleagues      -
skill_export                           list as csv        colleagues      -
skill_export                           list as xlsx       colleagues      -
skill_show                             published skill    colleagues      -
skill_show                             draft              its readers     -
skill_compose                          .                  designers       designers
skill_compose                          published skill    designers       designers
skill_compose                          draft              designers       designers
skill_place                            published skill    designers       designers
skill_place                            draft              its readers     its readers
skill_publish                          published skill    -               designers
skill_publish                          draft              -               its readers
skill_withdraw                         published skill    -               designers
skill_withdraw                         draft              -               its readers
skill_retire                           published skill    -               designers
skill_retire                           draft              -               its readers
skill_restore                          published skill    -               designers
skill_restore                          draft              -               its readers
skill_undo                             last change        -               designers
context_move                           context            designers       designers
context_move                           draft's context    its readers     its readers
context_take_away                      context            -               designers
context_take_away                      draft's context    -               its readers
context_remove                         context            -               designers
context_remove                         draft's context    -               its readers

import_list                            .                  designers       -
import_add                             .                  designers       designers
import_show                            import             designers       -
import_map                             import             designers       designers
import_look                            import             -               designers
import_choose                          import             -               designers
import_apply                           import             -               designers
import_stop                            import             -               designers
import_undo                            import             -               designers
import_rejected                        import             designers       -

flag_list                              .                  designers       -
flag_rows                              .                  designers       -
flag_show                              flag               designers       -
flag_place                             ticked             designers       designers
flag_assign                            ticked             designers       designers
flag_snooze                            ticked             designers       designers
flag_retire                            ticked             designers       designers
flag_wake                              ticked             -               designers
flag_accept                            flag               -               designers
flag_undo                              .                  -               designers
watch_ask                              .                  -               designers
watch_show                             .                  designers       -

trust_list                             .                  administrators  -
trust_export                           list as csv        administrators  -
trust_change                           trust              administrators  administrators
trust_undo                             trust version      -               administrators

rating_list                            .                  people admins   -
rating_list_export                     list as csv        people admins   -
rating_add                             .                  people admins   people admins
rating_show                            ratings            people admins   -
rating_plan                            ratings            people admins   people admins
rating_look                            ratings            -               people admins
rating_apply                           ratings            -               people admins
rating_stop                            ratings            -               people admins
rating_undo                            ratings            people admins   people admins
rating_rejected                        ratings as csv     people admins   -

my_page                                .                  colleagues      -
person_gaps                            colleague          record readers  -
person_gaps                            leaver             people admins   -
person_skill                           said of colleague  record readers  -
record_export                          record as csv      record readers  -
record_export                          record as json     record readers  -
risk_list                              .                  colleagues      -
risk_export                            list as csv        colleagues      -
outcome_show                           outcome            colleagues      -
outcome_export                         outcome as csv     colleagues         -
measurement_record                     outcome            designers       designers
cover_list                             .                  colleagues      -
cover_list_export                      list as csv        colleagues         -
workflow_cover                         workflow           colleagues      -
cover_export                           cover as csv       colleagues      -
cover_target_set                       step               step staffers   step staffers
what_if                                .                  colleagues      -
what_if_export                         list as csv        colleagues         -
role_choose                            .                  colleagues      -
role_list_export                       list as csv        colleagues         -
role_needs_export                      role as csv        colleagues         -
requirement_show                       required of a role  colleagues         -
role_near_export                       role as csv        colleagues         -
role_compare                           two roles          colleagues      -
role_export                            comparison as csv  colleagues      -
role_reach                             colleague          record readers  -
reach_export                           record as csv      record readers     -
evidence_still                         said of colleague  -               leaders
evidence_record                        colleague          colleagues at work  colleagues at work
evidence_contest                       evidence           only oneself    only oneself
evidence_withdraw                      evidence           leaders         leaders
contest_answer                         contest            leaders         leaders
goal_propose                           colleague          record readers  record readers
goal_agree                             goal               -               record readers
goal_decline                           goal               record readers  record readers
goal_drop                              goal               record readers  record readers
goal_redate                            goal               record readers  record readers
date_agree                             goal date          -               record readers
date_decline                           goal date          record readers  record readers
date_withdraw                          goal date          -               record readers
date_reopen                            goal date          -               record readers

support_home                           .                  colleagues      -
team_support                       .                  figure readers     -
step_support                           step               colleagues      -
step_embed                             step               link holders    -
coach_worker                           .                  anybody         -
resource_open                          resource           colleagues      -
resource_open                          draft resource     its readers     -
resource_vote                          resource           -               colleagues
resource_vote                          draft resource     -               its readers
champion_ask                           step               designers       designers
skill_champion_ask                     published skill    designers       designers
skill_champion_ask                     draft              its readers     its readers
programme_list                         .                  colleagues      -
programme_add                          .                  planners        planners
programme_show                         programme          programme readers  -
programme_change                       programme          programme keepers  programme keepers
programme_archive                      programme          -               programme keepers
programme_restore                      programme          -               programme keepers
programme_arrange                      programme          nobody of it    nobody of it
programme_talk                         programme          -               talkers
programme_goal                         programme          -               only the learner
programme_export                       programme's facts  programme seers  -
cohort_list                            .                  colleagues      -
cohort_add                             .                  colleagues      colleagues
cohort_show                            cohort             colleagues      -
cohort_change                          cohort             designers       designers
cohort_invite                          cohort             designers       designers
cohort_join                            cohort             -               colleagues
cohort_leave                           cohort             -               colleagues
cohort_end                             cohort             -               designers
champion_answer                        champion           -               nobody asked
community_list                         .                  colleagues      -
community_add                          .                  colleagues      colleagues
community_change                       community          designers       designers
community_close                        community          -               designers
tip_leave                              step               -               colleagues
tip_vote                               tip                -               colleagues
tip_promote                            tip                -               designers
tip_remove                             tip                -               designers

embed_script                           .                  anybody         -
embed_show                             step               designers       -
coverage_show                          .                  colleagues      -
coverage_export                        list as csv        colleagues      -
coverage_export                        list as xlsx       colleagues      -
coverage_cell                          moment             colleagues      -
coverage_place                         help in a moment   -               designers
coverage_take_away                     help in a moment   -               designers
plan_show                              .                  colleagues      -
plan_export                            list as csv        colleagues      -
plan_export                            list as xlsx       colleagues      -
plan_overrule                          step               designers       designers
plan_take_back                         plan's overrule    -               designers
plan_rule_list                         .                  colleagues      -
plan_rule_add                          .                  designers       designers
plan_rule_ship                         .                  -               designers
plan_rule_change                       plan's rule        designers       designers
plan_rule_undo                         plan's rule        -               designers
plan_rule_remove                       plan's rule        -               designers
resource_list                          .                  colleagues      -
resource_export                        list as csv        colleagues      -
resource_export                        list as xlsx       colleagues      -
resource_add                           .                  designers       designers
resource_show                          resource           colleagues      -
resource_show                          draft resource     its readers     -
resource_change                        resource           designers       designers
resource_change                        draft resource     its readers     its readers
resource_place                         resource           designers       designers
resource_place                         draft resource     its readers     its readers
resource_verify                        resource           -               designers
resource_verify                        draft resource     -               its readers
resource_archive                       resource           -               designers
resource_archive                       draft resource     -               its readers
resource_take_back                     resource           -               designers
resource_take_back                     draft resource     -               its readers
resource_hand_over                     resource           designers       designers
resource_hand_over                     draft resource     its readers     its readers
resource_return_to                     version            -               designers
resource_file                          its file           colleagues      -
resource_file                          draft resource     its readers     -
version_file                           file's version     designers       -
file_erase                             file's version     administrators  administrators
placement_take_away                    placement          -               designers
placement_take_away                    draft's placement  -               its readers
time_show                              .                  colleagues      -
time_grant                             .                  team leaders    team leaders
time_end                               grant              -               who entered it
learning_log                           .                  -               people here
learning_forget                        own learning       -               only the learner
freshness_desk                         .                  colleagues      -
freshness_export                       list as csv        colleagues      -
freshness_export                       list as xlsx       colleagues      -
freshness_verify                       .                  -               colleagues
resource_still_correct                 somebody's link    colleagues      colleagues
"""


# Enough for what is refused before it is done; what else is missing in it answers 400, which is not a refusal.
SENT = {"name": "Anything", "job_role": None}


def address_and_data(house: House, route: str, of: str) -> tuple[str, dict[str, Any]]:
    if of == "ticked":
        return reverse(route), {"flag": str(house.things["flag"].pk)}
    if of == "ticked titles":
        return reverse(route), {"title": str(house.things["title"].pk), "none": "1"}
    data = {"outcome": str(house.things["outcome"].pk)} if route == "flag_accept" else {}
    return house.address(route, of), data


# --- every address has its line ---------------------------------------------------------------


def test_every_address_has_its_line():
    named = {row[0] for table in (PAGES, ENDPOINTS) for row in rows(table)}
    assert routes() - named == set(), "say in the table who may see it and who may do it"
    assert named - routes() == set(), "no such address any more"


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_answers_as_its_line_says(house, method):
    wrong = {}
    for route, of, sees, does in rows(PAGES):
        address, data = address_and_data(house, route, of)
        said = {}
        for role in ROLES:
            with undone():
                said[role] = verdict(getattr(house.client(role), method)(address, data))
        who = sees if method == "get" else does
        right = without_idle(said) == {} if who == "-" else said == as_table(ROLES, WHO[who])
        if not right:
            wrong[f"{route} {of}"] = said
    assert not wrong, "\n".join(f"{line}: {said}" for line, said in wrong.items())


def test_every_endpoint_answers_as_its_line_says(house):
    wrong = {}
    for route, of, reads, writes in rows(ENDPOINTS):
        for method, which in ways(reads, writes):
            said = {}
            for key in KEYS:
                with undone():
                    said[key] = verdict(ask(house, key, method, house.address(route, of)))
            if said != as_table(KEYS, WHICH[which]):
                wrong[f"{method} {route} {of}"] = said
    assert not wrong, "\n".join(f"{line}: {said}" for line, said in wrong.items())


def test_no_endpoint_takes_a_method_that_its_lines_do_not_name(house):
    """For the strongest key, so that nothing hides behind a missing scope."""
    named = {(route, method) for route, _, reads, writes in rows(ENDPOINTS) for method, _ in ways(reads, writes)}
    wrong = {}
    for route, of, *_ in rows(ENDPOINTS):
        for method in {"get", "post", "put", "patch", "delete"} - {method for name, method in named if name == route}:
            with undone():
                wrong[method, route] = ask(house, "all", method, house.address(route, of)).status_code
    assert {way: status for way, status in wrong.items() if status != 405} == {}


def ways(reads: str, writes: str) -> list[tuple[str, str]]:
    """(method, the keys that may) of one line."""
    reading = [] if reads == "-" else [("get", reads)]
    method, _, which = writes.partition(" ")
    return reading if writes == "-" else [*reading, (method, which)]


def ask(house: House, key: str, method: str, address: str, body: Any = None) -> Any:
    return house.program(key).ask(method.upper(), address, body or SENT)


# --- what one may not know of is missing ------------------------------------------------------


def test_an_id_that_nothing_has_is_missing_for_whoever_could_see_it(house):
    wrong = {}
    for route, of, sees, does in rows(PAGES):
        made_up = house.of_nobody(of)
        if made_up == house.parts(of):
            continue
        for method, who in (("get", sees), ("post", does)):
            if who != "-":
                answer = getattr(house.client("administrator"), method)(reverse(route, kwargs=made_up))
                wrong[f"{method} {route} {of}"] = answer.status_code
    assert wrong
    assert {way: status for way, status in wrong.items() if status != 404} == {}


def test_nobody_who_may_not_can_tell_a_draft_from_an_id_that_nothing_has(house):
    told_apart = []
    for route, of, sees, _ in (row for row in rows(PAGES) if "its readers" in row):
        for role in ("employee", "manager", "people admin"):
            ask_for = getattr(house.client(role), "post" if sees == "-" else "get")
            theirs, nobodys = ask_for(house.address(route, of)), ask_for(reverse(route, kwargs=house.of_nobody(of)))
            if (theirs.status_code, without_tokens(theirs)) != (404, without_tokens(nobodys)):
                told_apart.append((route, of, role))
    assert told_apart == []


def test_an_endpoint_misses_an_id_that_nothing_has(house):
    body = {"to": None, "until": "2099-01-01", "reason": "x", "step": str(uuid4()), "outcome": str(uuid4())}
    body |= {"worked": True}
    wrong = {}
    for route, of, reads, writes in (row for row in rows(ENDPOINTS) if row[1]):
        for method in {method for method, _ in ways(reads, writes)} - {"put"}:  # which adds whoever is not there
            answer = ask(house, "all", method, reverse(route, kwargs=house.of_nobody(of)), body)
            wrong[f"{method} {route} {of}"] = (answer.status_code, why(answer.body))
    assert {way: said for way, said in wrong.items() if said != (404, "not_found")} == {}


def why(body: dict[str, Any]) -> str:
    """SCIM has a shape of error of its own, and no word for what is missing."""
    return body["errors"][0]["code"] if "errors" in body else {"404": "not_found"}[body["status"]]


def without_tokens(answer: HttpResponse) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", answer.content.decode())
