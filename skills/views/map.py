"""The map of one workflow, as lanes or as a list, with the panel and the tray beside it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from base.pages import page
from skills.views.desk import Asked, Desk
from workflows.access import workflow_for
from workflows.queries.news import News, news_since
from workforce.requests import SignedIn


@require_safe
@never_cache
def workflow_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Choosing something replaces the panel and redraws the lines; a change of the work replaces all of it."""
    workflow = workflow_for(request.user, pk)
    desk = Desk(workflow, account=request.user, asked=Asked.by(request))
    facts = {"workflow": workflow, "desk": desk}
    return page(request, "skills/workflow_show.html", facts, regions=["map", "sight", "tray"])


@require_safe
def workflow_revision(request: SignedIn, pk: UUID) -> HttpResponse:
    """What others changed since `?since=<revision>`; 204 while nothing has."""
    workflow = workflow_for(request.user, pk)
    since = request.GET.get("since", "")
    news: News | None = None
    if since.isdecimal() and len(since) < 10:
        news = news_since(workflow, int(since), but=request.user)
    if news is None:
        return HttpResponse(status=204)
    return render(request, "skills/parts/news.html", {"workflow": workflow, "news": news})
