"""Which key may ask which endpoint: the programs' half of `test_role_matrix`. Whoever adds an address adds a line."""

KEYS = ["none", "read", "design", "hris"]
# In the order of KEYS. "401": no key, no answer.
WHICH = {
    "reading": "401 yes  yes no",
    "designing": "401 no   yes no",
    "naming": "401 yes  yes yes",
    "renaming": "401 no   yes yes",
    "knowing people": "401 yes  no  yes",
    "keeping people": "401 no   no  yes",
    "-": "-   -    -   -",
}
ENDPOINTS = """
# endpoint                of what                  reads           writes
api-job-role-list         .                        naming          post renaming
api-job-role-detail       job role                 naming          patch renaming
api-job-title-list        .                        naming          post keeping people
api-job-title-detail      title                    naming          patch keeping people
api-team-list             .                        naming          -
api-team-detail           team                     naming          -
api-person-list           .                        knowing people  -
api-person-detail         person                   knowing people  put keeping people
api-person-correct        person                   -               post keeping people
api-person-terminate      person                   -               post keeping people
api-person-restore        person                   -               post keeping people
api-run-list              .                        keeping people  post keeping people
api-run-detail            run                      keeping people  -
api-run-changes           run                      keeping people  -
api-run-errors            run                      keeping people  -
api-run-passed-on         run                      keeping people  -
api-run-people            run                      -               post keeping people
api-run-close             run                      -               post keeping people
api-run-approve           run                      -               post keeping people
api-run-reject            run                      -               post keeping people

api-gap-list              .                        knowing people  -
api-cover-list            .                        naming          -
api-risk-list             .                        naming          -
api-role-compare          two roles                naming          -
api-workflow-list         .                        reading         post designing
api-workflow-detail       workflow                 reading         patch designing
api-workflow-retire       workflow                 -               post designing
api-workflow-restore      workflow                 -               post designing
api-step-list             .                        reading         post designing
api-step-detail           step                     reading         patch designing
api-step-retire           step                     -               post designing
api-step-restore          step                     -               post designing
api-outcome-list          .                        reading         post designing
api-outcome-detail        outcome                  reading         patch designing
api-outcome-retire        outcome                  -               post designing
api-outcome-measurements  outcome                  reading         post designing
api-outcome-restore       outcome                  -               post designing
api-handoff-list          .                        reading         post designing
api-handoff-detail        handoff                  reading         patch designing
api-handoff-retire        handoff                  -               post designing
api-handoff-restore       handoff                  -               post designing
api-skill-list            .                        reading         post designing
api-skill-detail          published skill          reading         patch designing
api-skill-detail          draft                    reading         patch designing
api-skill-line-of-sight   published skill          reading         -
api-skill-line-of-sight   draft                    reading         -
api-skill-publish         draft                    -               post designing
api-skill-withdraw        published skill          -               post designing
api-skill-retire          published skill          -               post designing
api-skill-restore         published skill          -               post designing
api-context-list          contexts                 reading         post designing
api-context-list          contexts of a draft      reading         post designing
api-context-detail        one context              reading         patch designing
api-context-detail        one context              -               delete designing
api-context-detail        one context of a draft   reading         patch designing
api-evidence-list         .                        knowing people  post keeping people
api-evidence-detail       evidence                 knowing people  -
api-evidence-withdraw     evidence                 -               post keeping people
api-rating-list-list      .                        keeping people  post keeping people
api-rating-list-detail    ratings                  keeping people  -
api-rating-list-rows      ratings                  keeping people  -
api-rating-list-plan      ratings                  -               post keeping people
api-rating-list-apply     ratings                  -               post keeping people
api-rating-list-stop      ratings                  -               post keeping people
api-rating-list-undo      ratings                  -               post keeping people
api-requirement-list      .                        naming          -
api-requirement-detail    requirement              naming          -
api-flag-list             .                        reading         -
api-flag-detail           flag                     reading         -
api-flag-assign           flag                     -               post designing
api-flag-snooze           flag                     -               post designing
api-flag-wake             flag                     -               post designing

api-resource-list         .                        reading         post designing
api-resource-detail       resource                 reading         patch designing
api-resource-detail       draft resource           reading         patch designing
api-resource-verify       resource                 -               post designing
api-resource-archive      resource                 -               post designing
api-resource-take-back    resource                 -               post designing
api-resource-file         its file                 reading         post designing
api-resource-file         its file                 -               delete designing
api-resource-vote         resource                 -               post designing
api-resource-votes        resource                 reading         -
api-resource-usage        resource                 reading         -
api-programme-list        .                        knowing people  -
api-programme-detail      programme                knowing people  -
api-programme-environment  programme               knowing people  -
api-cohort-list           .                        reading         -
api-cohort-detail         cohort                   reading         -
api-embed-link            step's support           reading         -
api-placement-list        placements               reading         post designing
api-placement-list        placements of a draft    reading         post designing
api-placement-detail      one placement            reading         patch designing
api-placement-detail      one placement            -               delete designing
api-placement-detail      one placement of a draft  reading         patch designing
api-support               step's support           reading         post designing

scim_user_list            .                        knowing people  post keeping people
scim_user_search          .                        -               post knowing people
scim_user                 user                     knowing people  put keeping people
scim_user                 user                     -               patch keeping people
scim_user                 user                     -               delete keeping people
scim_group_list           .                        knowing people  post keeping people
scim_group_search         .                        -               post knowing people
scim_group                group                    knowing people  put keeping people
scim_group                group                    -               patch keeping people
scim_group                group                    -               delete keeping people
scim_bulk                 .                        -               post keeping people
scim_root                 .                        knowing people  -
scim_search               .                        -               post knowing people
scim_schema_list          .                        knowing people  -
scim_schema               SCIM schema              knowing people  -
scim_resource_type_list   .                        knowing people  -
scim_resource_type        SCIM type                knowing people  -
scim_config               .                        knowing people  -
"""
