"""Stories, deals and sources as JSON tells them: the shapes that docs/api promises."""

from monitor.model import Deal, Delivery, KnownDeal, Money, Story, Telling
from monitor.store import DealStep, OwedAlert, SourceHealth, Verdict
from monitor.web.sheet import Plain


def story_told(story: Story) -> Plain:
    """Return a story with its deals and tellings."""
    return {
        "id": story.id,
        "title": story.title,
        "url": story.url,
        "grade": int(story.grade),
        "score": round(story.score, 4),
        "first_at": story.first_at.isoformat(),
        "last_at": story.last_at.isoformat(),
        "parent": story.parent,
        "revision": story.revision,
        "outlets": len({telling.outlet for telling in story.tellings}),
        "official": any(telling.is_release for telling in story.tellings),
        "deals": [deal_told(deal) for deal in story.deals],
        "tellings": [telling_told(telling) for telling in story.tellings],
        "changes": list(story.changes),
        "why": [{"text": reason.text, "weight": round(reason.weight, 3)} for reason in story.why],
    }


def deal_told(deal: Deal) -> Plain:
    """Return who invests, where, how much, at which stage, each with its sentence."""
    return {
        "stage": deal.stage.value,
        "amount": amount_told(deal.amount),
        "jobs": deal.jobs,
        "companies": list(deal.companies),
        "authorities": list(deal.authorities),
        "sido": list(deal.sido),
        "sigungu": list(deal.sigungu),
        "site": list(deal.site),
        "date": deal.date.isoformat() if deal.date else None,
        "parts": [
            {
                "company": part.company,
                "amount": amount_told(part.amount),
                "jobs": part.jobs,
                "sigungu": part.sigungu,
                "site": part.site,
            }
            for part in deal.parts
        ],
        "evidence": [{"fact": each.fact, "sentence": each.sentence} for each in deal.evidence],
        "flags": list(deal.flags),
    }


def amount_told(money: Money | None) -> Plain | None:
    """Return an amount in its own currency; null where none was printed."""
    if money is None:
        return None
    whole = int(money.value) if money.value == int(money.value) else money.value
    return {"value": whole, "currency": money.currency, "approx": money.approx, "text": money.text}


def telling_told(telling: Telling) -> Plain:
    """Return one article of a story."""
    published = telling.published_at
    return {
        "url": telling.url,
        "title": telling.title,
        "outlet": telling.outlet,
        "outlet_name": telling.outlet_name,
        "outlet_kind": telling.outlet_kind.value,
        "published_at": published.isoformat() if published else None,
        "seen_at": telling.seen_at.isoformat(),
        "because": telling.because,
        "release": telling.is_release,
    }


def known_told(known: KnownDeal) -> Plain:
    """Return a deal with its id and when it was told."""
    return {
        "id": known.id,
        "story": known.story,
        "first_at": known.first_at.isoformat(),
        "last_at": known.last_at.isoformat(),
        **deal_told(known.deal),
    }


def step_told(step: DealStep) -> Plain:
    """Return one step of a deal."""
    return {"deal": step.deal, "stage": step.stage.value, "at": step.at.isoformat(), "article": step.article}


def alert_told(alert: OwedAlert) -> Plain:
    """Return an alert as it was decided."""
    return {
        "receiver": alert.receiver,
        "kind": alert.kind,
        "when": alert.when,
        "stage": alert.stage,
        "at": alert.at.isoformat(),
    }


def delivery_told(delivery: Delivery) -> Plain:
    """Return one row of the ledger; what a channel calls the message stays inside."""
    return {
        "receiver": delivery.receiver,
        "kind": delivery.kind,
        "state": delivery.state.value,
        "tries": delivery.tries,
        "created_at": delivery.created_at.isoformat(),
        "error": delivery.error,
    }


def verdict_told(verdict: Verdict) -> Plain:
    """Return what a person said."""
    return {
        "kind": verdict.kind,
        "subject": verdict.subject,
        "value": verdict.value,
        "who": verdict.who,
        "at": verdict.at.isoformat(),
    }


def source_told(each: SourceHealth, state: str, because: str) -> Plain:
    """Return one source with its state and its last requests."""
    known = each.state
    last = known.last_ok_at
    return {
        "outlet": known.outlet_id,
        "outlet_name": each.outlet_name,
        "region": each.region,
        "url": known.url,
        "kind": known.kind.value,
        "state": state,
        "because": because,
        "failures": known.failures,
        "last_ok_at": last.isoformat() if last else None,
        "last_new_at": known.last_new_at.isoformat() if known.last_new_at else None,
        "next_poll_at": known.next_poll_at.isoformat(),
        "pending": each.pending,
        "requests": [
            {
                "at": line.at.isoformat(),
                "status": line.status,
                "size": line.size,
                "ms": line.ms,
                "new": line.new,
                "error": line.error,
            }
            for line in each.requests
        ],
    }
