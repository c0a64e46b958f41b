"""Job roles for programs. People, titles and teams follow with the HR runs."""

from typing import Any
from uuid import UUID

from django_filters import rest_framework as filters
from rest_framework import serializers

from base.api import NounViews, Seen
from workforce import actions
from workforce.access import job_role_for, may_name_roles
from workforce.keys import PeopleScope
from workforce.models import JobRole


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
