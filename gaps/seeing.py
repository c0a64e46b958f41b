"""Whose figures an account may see (design sections 6 and 9). The doors that use it stand in `access`."""

from dataclasses import dataclass, replace
from uuid import UUID

from gaps.queries.reckoning import EVERYBODY, Whose
from workforce.models import Account, Person, Role
from workforce.models.person import PersonQuerySet
from workforce.queries.lines import ids_below


@dataclass(frozen=True)
class Sight:
    """`whose`: whose records may be seen one by one. `above`: beyond them, sums of groups that are large enough."""

    whose: Whose
    sees_everybody: bool = False

    @property
    def counted(self) -> Whose:
        """Among whom cover is counted: the own people where there are any, everybody otherwise."""
        return self.whose if self.whose.people is None or self.whose.people else EVERYBODY

    @property
    def sees_people(self) -> bool:
        return self.whose.people is None or bool(self.whose.people)

    def of(self, *, person: UUID | None = None, team: UUID | None = None, job_role: UUID | None = None) -> Whose:
        """Narrowed to what is asked for; nobody where that lies beyond."""
        narrowed = replace(self.whose, team=team, job_role=job_role)
        if person is None:
            return narrowed
        mine = narrowed.people is None or person in narrowed.people
        return replace(narrowed, people=[person] if mine else [])


def people_seen_by(account: Account) -> PersonQuerySet:
    """The one gate to people's records: whoever works here sees oneself and the own reporting tree, people admins all.

    A key about people, read or hris, sees everybody, because whoever answers for it may (workforce/keys.py); one about
    work alone tells of nobody.
    """
    if sees_everybody(account):
        return Person.objects.all()
    if account.person is None:
        return Person.objects.none()
    return Person.objects.in_tree_of(account.person) | Person.objects.filter(pk=account.person.pk)


def sees_everybody(account: Account) -> bool:
    reads = account.kind == Account.Kind.KEY and account.has_role(Role.READER)
    return account.kind == Account.Kind.SYSTEM or account.has_role(Role.PEOPLE_ADMIN) or reads


def sight_of(account: Account) -> Sight:
    """The same gate for figures: whose they may be."""
    if sees_everybody(account):
        return Sight(EVERYBODY, sees_everybody=True)
    return Sight(Whose(people=sorted(own_tree(account))))


def own_tree(account: Account) -> set[UUID]:
    """Oneself, and whoever reports there however far down."""
    if account.person is None:
        return set()
    return {account.person.pk, *ids_below(account.person)}
