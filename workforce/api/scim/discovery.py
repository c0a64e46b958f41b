"""What we can do, said in the protocol's own words."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.permissions import AllowAny
from scim2_models import Context, ResourceType, ServiceProviderConfig

from workforce.api.scim.base import ScimView, answer
from workforce.api.scim.search import LIST_URN, MOST_RESULTS, USUAL_RESULTS
from workforce.scim.resources import EnterpriseUser, Group, Person, User

MOST_BULK_OPERATIONS = 1000
MOST_BULK_BYTES = 1024 * 1024
SCHEMAS = {str(model.__schema__): model.to_schema() for model in (User, EnterpriseUser, Group)}
TYPES = {str(one.name): one for one in (ResourceType.from_resource(Person), ResourceType.from_resource(Group))}
CONFIG = {
    "documentationUri": None,
    "patch": {"supported": True},
    "bulk": {
        "supported": True,
        "maxOperations": MOST_BULK_OPERATIONS,
        "maxPayloadSize": MOST_BULK_BYTES,
    },
    "filter": {"supported": True, "maxResults": MOST_RESULTS},
    "changePassword": {"supported": False},
    "sort": {"supported": True},
    "etag": {"supported": True},
    "pagination": {
        "cursor": False,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": USUAL_RESULTS,
        "maxPageSize": MOST_RESULTS,
    },
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "API key",
            "description": "A key with the scope hris, sent as “Authorization: Bearer <key>”.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": True,
        }
    ],
}


class DiscoveryView(ScimView):
    """Lists of what there is cannot be filtered (RFC 7644, section 4)."""

    endpoint = ""

    def admit(self, request: HttpRequest) -> None:
        super().admit(request)
        if "filter" in {name.lower() for name in request.GET}:
            raise PermissionDenied("These lists are short and take no filter. Leave it out.")

    def listed(self, found: dict[str, Any]) -> HttpResponse:
        resources = [self.told(name, one) for name, one in found.items()]
        return answer(
            {
                "schemas": [LIST_URN],
                "totalResults": len(resources),
                "startIndex": 1,
                "itemsPerPage": len(resources),
                "Resources": resources,
            }
        )

    def one_of(self, found: dict[str, Any], key: str) -> HttpResponse:
        known = {name.lower(): name for name in found}
        if key.lower() not in known:
            raise Http404
        name = known[key.lower()]
        return answer(self.told(name, found[name]))

    def told(self, name: str, one: Any) -> dict[str, Any]:
        said: dict[str, Any] = one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
        kind = type(one).__name__
        return {**said, "meta": {"resourceType": kind, "location": f"{self.base}/{kind}s/{name}"}}


class SchemaListView(DiscoveryView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.listed(SCHEMAS)


class SchemaView(DiscoveryView):
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.one_of(SCHEMAS, key)


class ResourceTypeListView(DiscoveryView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.listed(TYPES)


class ResourceTypeView(DiscoveryView):
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.one_of(TYPES, key)


class ServiceProviderConfigView(ScimView):
    def get(self, request: HttpRequest) -> HttpResponse:
        config = ServiceProviderConfig.model_validate(CONFIG)
        location = f"{self.base}/ServiceProviderConfig"
        said = config.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
        return answer({**said, "meta": {"resourceType": "ServiceProviderConfig", "location": location}})


class NothingHereView(ScimView):
    """A client that mistypes an address gets the protocol's error, not a page."""

    permission_classes = [AllowAny]

    def admit(self, request: HttpRequest) -> None:
        raise Http404
