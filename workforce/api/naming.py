"""What people are called: job roles, job titles and teams."""

from typing import Any
from uuid import UUID

from django_filters import rest_framework as filters
from rest_framework import serializers

from base.api import NounViews, ReadViews, Seen
from workforce import actions
from workforce.access import job_role_for, job_title_for, may_map_titles, may_name_roles, team_for
from workforce.keys import PeopleScope
from workforce.models import JobRole, JobTitle, Team


class NewJobRole(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class JobRoleChange(Seen, NewJobRole):
    pass


class JobRoleOutput(serializers.ModelSerializer[JobRole]):
    class Meta:
        model = JobRole
        fields = ("id", "name", "description", "version", "retired_at")


class JobRoleFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")


class JobRoleViews(NounViews):
    permission_classes = [PeopleScope]
    queryset = JobRole.objects.all()
    filterset_class = JobRoleFilter
    outgoing, adding, changing = JobRoleOutput, NewJobRole, JobRoleChange

    def find(self, pk: UUID, *, to_edit: bool = False) -> JobRole:
        return job_role_for(self.by, pk, to_edit=to_edit)

    def add(self, values: dict[str, Any]) -> JobRole:
        may_name_roles(self.by)
        return actions.add_job_role(by=self.by, **values)

    def edit(self, noun: JobRole, values: dict[str, Any]) -> JobRole:
        return actions.change_job_role(noun, by=self.by, **values)


class TitleMapping(serializers.Serializer[Any]):
    job_role = serializers.PrimaryKeyRelatedField(queryset=JobRole.objects.active(), allow_null=True)


class NewTitle(TitleMapping):
    name = serializers.CharField(max_length=200)


class JobTitleOutput(serializers.ModelSerializer[JobTitle]):
    people_count = serializers.IntegerField(
        default=None, allow_null=True, read_only=True, help_text="Active people; null where they were not counted."
    )

    class Meta:
        model = JobTitle
        fields = ("id", "name", "job_role", "people_count")


class JobTitleFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")
    job_role = filters.UUIDFilter()
    is_mapped = filters.BooleanFilter(field_name="job_role", lookup_expr="isnull", exclude=True)


class JobTitleViews(NounViews):
    """What the HR system says; people say which job role it stands for. `?is_mapped=false` lists the open ones."""

    permission_classes = [PeopleScope]
    queryset = JobTitle.objects.with_people()
    filterset_class = JobTitleFilter
    outgoing, adding, changing = JobTitleOutput, NewTitle, TitleMapping

    def find(self, pk: UUID, *, to_edit: bool = False) -> JobTitle:
        return job_title_for(self.by, pk, to_map=to_edit)

    def add(self, values: dict[str, Any]) -> JobTitle:
        may_map_titles(self.by)
        return actions.map_job_title(values["name"], job_role=values["job_role"], by=self.by)

    def edit(self, noun: JobTitle, values: dict[str, Any]) -> JobTitle:
        if "job_role" not in values:
            return noun
        return actions.map_job_title(noun.name, job_role=values["job_role"], by=self.by)


class TeamOutput(serializers.ModelSerializer[Team]):
    people_count = serializers.IntegerField(default=None, allow_null=True, read_only=True, help_text="Active people.")

    class Meta:
        model = Team
        fields = ("id", "name", "people_count")


class TeamFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")


class TeamViews(ReadViews):
    """Departments as the HR system names them; they come and go with people, so programs only read them."""

    permission_classes = [PeopleScope]
    queryset = Team.objects.with_people()
    filterset_class = TeamFilter
    outgoing = TeamOutput
    http_method_names = ["get", "head", "options"]

    def find(self, pk: UUID, *, to_edit: bool = False) -> Team:
        return team_for(self.by, pk)
