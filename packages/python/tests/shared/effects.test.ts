import {
  commitPath,
  databasePath,
  externalEffectPath,
  externalPath,
  isAuxiliaryEffect,
  isDeferring,
  transactionBlock,
  writePath,
} from '@krait/python'
import type { CallPath } from '@krait/python'
import { describe, expect, it, test } from 'vitest'
import { answersByCall, callsThat, contextOf } from '../helpers/rule-context.ts'
import type { ContextOptions } from '../helpers/rule-context.ts'

const HEAD = `
from fastapi import BackgroundTasks
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session
import boto3
import httpx
import requests
import stripe
from app.tasks import reindex
`

function those(ask: (context: never, call: never) => CallPath | boolean | null, text: string, options: ContextOptions = {}): string[] {
  return callsThat(contextOf(HEAD + text, options), ask as never)
}

describe('writePath', () => {
  it('knows writes of sessions, by type and by name, and statements that write', () => {
    const found = those(
      writePath,
      `
def f(db: Session, session, other, stmt):
    db.add(1)
    session.flush()
    self._session.delete(1)
    other.add(1)
    db.refresh(1)
    db.execute(select(User))
    db.execute(insert(User).values(a=1))
    changes = update(User)
    changes = changes.where(User.id == 1)
    session.execute(changes)
    session.exec(users.delete())
    session.scalars(select(User).with_for_update())
    db.query(User).filter_by(a=1).update({})
    session.query(User).delete()
`,
    )
    expect(found).toEqual([
      'db.add(1)',
      'session.flush()',
      'self._session.delete(1)',
      'db.execute(insert(User).values(a=1))',
      'session.execute(changes)',
      'session.exec(users.delete())',
      'db.query(User).filter_by(a=1).update({})',
      'session.query(User).delete()',
    ])
  })

  it("knows Django's models and managers", () => {
    const models = 'from django.db import models\nclass Order(models.Model): ...\n'
    const text = `
from django.db import transaction
from app.models import Order
from app.gone import Other
def f(order: Order, invoice, image):
    order.save()
    invoice.save()
    image.save("x.png")
    Order.objects.create(a=1)
    Other.objects.filter(a=1).update(b=2)
    Order.objects.filter(a=1)
    order.full_clean()
    {}.update(a=1)
`
    expect(those(writePath, text, { files: { 'app/models.py': models } })).toEqual([
      'order.save()',
      'invoice.save()',
      'Order.objects.create(a=1)',
      'Other.objects.filter(a=1).update(b=2)',
    ])
  })

  it('follows functions of the project, also where the session has only a name, with the path', () => {
    const files = { 'app/__init__.py': '', 'app/repo.py': 'class Repo:\n    def __init__(self, session):\n        self.session = session\n    def save(self, x):\n        self._put(x)\n    def _put(self, x):\n        self.session.add(x)\n        self.session.commit()\n' }
    const opened = contextOf('from app.repo import Repo\ndef f(session):\n    Repo(session).save(1)\n', { files })
    const [path] = answersByCall(opened, writePath).flatMap(([, found]) => (found ? [found] : []))
    expect(path?.map((step) => step.function)).toEqual(['app.repo.Repo.save', 'app.repo.Repo._put'])
    expect(callsThat(opened, commitPath)).toEqual(['Repo(session).save(1)'])
    expect(callsThat(opened, databasePath)).toEqual(['Repo(session).save(1)'])
  })

  it('takes names of sessions from the settings', () => {
    expect(those(writePath, 'def f(uow):\n    uow.add(1)\n', { settings: { database: { sessionNames: ['uow'] } } })).toEqual(['uow.add(1)'])
  })
})

test('a coroutine that is not awaited does nothing yet', () => {
  const text = 'import asyncio\nasync def save(session):\n    session.add(1)\nasync def f(session):\n    await save(session)\n    asyncio.create_task(save(session))\n    save(session)\n'
  expect(those(writePath, text)).toEqual(['session.add(1)', 'save(session)'])
})

test('databasePath', () => {
  expect(those(databasePath, 'def f(session, db: Session):\n    db.add(1)\n    session.execute(1)\n    db.flush()\n    db.rollback()\n')).toEqual(['session.execute(1)', 'db.flush()'])
})

describe('externalEffectPath', () => {
  it('tells what changes something from what only asks', () => {
    const found = those(
      externalEffectPath,
      `
s3 = boto3.client("s3")
class Api:
    def __init__(self):
        self.http = httpx.Client()
        self.mail = boto3.client("ses")
    def run(self, pool, client, queue, response):
        requests.get("u")
        requests.post("u")
        requests.request("GET", "u")
        self.http.request("patch", "u")
        self.http.get("u")
        self.mail.send_email(Source="a")
        s3.put_object(Key="k")
        s3.get_object(Key="k")
        stripe.Charge.create(amount=1)
        stripe.Charge.retrieve("x")
        reindex.delay(1)
        reindex.apply_async((1,))
        pool.apply_async(f, (1,))
        client.post("/x")
        client.delete("k")
        queue.enqueue(f)
        queue.put(1)
        reindex.delay_on_commit(1)
        {}.post("u")
`,
    )
    expect(found).toEqual([
      'requests.post("u")',
      'self.http.request("patch", "u")',
      'self.mail.send_email(Source="a")',
      's3.put_object(Key="k")',
      'stripe.Charge.create(amount=1)',
      'reindex.delay(1)',
      'reindex.apply_async((1,))',
      'client.post("/x")',
      'queue.enqueue(f)',
    ])
  })

  it('follows functions of the project that write nothing', () => {
    const files = {
      'app/__init__.py': '',
      'app/tasks.py': 'import dramatiq\n@dramatiq.actor\ndef reindex(x): ...\n',
      'app/hooks.py': `
import boto3
import requests
from app.tasks import reindex
class Hook:
    def __init__(self, url):
        self.s3 = boto3.client("s3")
    def fire(self):
        self._send()
    def _send(self):
        requests.Session().post("u")
    def look(self):
        requests.get("u")
    def keep(self, session):
        session.add(1)
        requests.post("u")
    def store(self):
        self.s3.upload_file("a", "b", "c")
    def ask(self):
        self.s3.list_objects()
def queue():
    reindex.send(1)
`,
    }
    const text = `
from app.hooks import Hook, queue
def g(hook: Hook, session):
    hook.fire()
    hook.look()
    hook.keep(session)
    hook.store()
    hook.ask()
    queue()
    reindex.send(1)
`
    expect(those(externalEffectPath, text, { files })).toEqual(['hook.fire()', 'hook.store()', 'queue()', 'reindex.send(1)'])
    expect(those(externalPath, text, { files })).toEqual(['hook.fire()', 'hook.look()', 'hook.keep(session)', 'hook.store()', 'hook.ask()', 'queue()', 'reindex.send(1)'])
  })

  it('takes more names from the settings', () => {
    const settings = { effects: { external: ['app.crm.push', 'app.erp.*'] } }
    expect(those(externalEffectPath, 'from app.crm import push\nfrom app.erp import Order\npush(1)\nOrder.place(1)\nOrder(1)\n', { settings })).toEqual(['push(1)', 'Order.place(1)', 'Order(1)'])
  })
})

test('isDeferring', () => {
  const text = `
from django.db import transaction
from sqlalchemy import event
def f(tasks: BackgroundTasks, session):
    tasks.add_task(print, 1)
    transaction.on_commit(lambda: reindex.delay(1))
    reindex.delay_on_commit(1)
    event.listen(session, "after_commit", print)
    event.listen(session, "before_commit", print)
    reindex.delay(1)
`
  expect(those(isDeferring, text)).toEqual(['tasks.add_task(print, 1)', 'transaction.on_commit(lambda: reindex.delay(1))', 'reindex.delay_on_commit(1)', 'event.listen(session, "after_commit", print)'])
})

test('transactionBlock', () => {
  const text = `
from contextlib import contextmanager
from django.db import transaction
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from app.db import factory
Make = sessionmaker()
engine = create_engine("x")
@contextmanager
def scope():
    session = Make()
    yield session
    session.commit()
@contextmanager
def reading():
    yield Make()
class Unit:
    def __enter__(self):
        return self
    def __exit__(self, *args):
        self.session.commit()
def f(session, lock):
    with session.begin(): pass
    with Make.begin() as s: pass
    with engine.begin() as c: pass
    with Make() as s, s.begin(): pass
    with session.begin_nested(): pass
    with lock.begin(): pass
    with transaction.atomic(): pass
    with scope() as s: pass
    with reading() as s: pass
    with Unit() as unit: pass
`
  const opened = contextOf(text)
  const found = [...opened.file.all()].flatMap((node) => {
    const block = node.kind === 'with_item' ? transactionBlock(opened.context, node) : null
    return block ? [`${node.text}: ${block.by} ${block.session?.text ?? '-'}`] : []
  })
  expect(found).toEqual([
    'session.begin(): session session',
    'Make.begin() as s: session s',
    'engine.begin() as c: session c',
    's.begin(): session s',
    'transaction.atomic(): django -',
    'scope() as s: project s',
    'Unit() as unit: project unit',
  ])
})

describe('isAuxiliaryEffect', () => {
  it("knows the libraries' calls and the names of functions", () => {
    const found = those(
      isAuxiliaryEffect,
      `
import smtplib
from datadog import statsd
from django.core.mail import send_mail
from slack_sdk import WebClient
from twilio.rest import Client
import posthog
async def f(self, slack, order, background, server: smtplib.SMTP):
    server.send_message(1)
    slack.chat_postMessage(channel="c")
    Client().messages.create(body="x")
    Client().calls.create(url="x")
    statsd.increment("a")
    posthog.capture("a")
    send_mail("a")
    send_receipt_email(order)
    await notify(order)
    _notify_admins(order)
    self.track_usage_event(order)
    self.mailer.send_welcome(order)
    self.cart.send_welcome(order)
    order.track(1)
    send_order(order)
    sender_email(order)
    background.add_task(send_receipt_email, order)
    notify.delay(order)
    self.audio.capture(1)
`,
    )
    expect(found).toEqual([
      'server.send_message(1)',
      'slack.chat_postMessage(channel="c")',
      'Client().messages.create(body="x")',
      'statsd.increment("a")',
      'posthog.capture("a")',
      'send_mail("a")',
      'send_receipt_email(order)',
      'notify(order)',
      '_notify_admins(order)',
      'self.track_usage_event(order)',
      'self.mailer.send_welcome(order)',
    ])
  })

  it('leaves out functions of the project that cannot fail', () => {
    const text = `
import logging
import httpx
from sqlalchemy import event
from prometheus_client import Counter
COUNTER = Counter("a", "b")
logger = logging.getLogger(__name__)
def notify_open(x):
    httpx.post("u")
def notify_deep(x):
    notify_open(x)
def notify_safe(x):
    """Says so."""
    try:
        httpx.post("u")
    except Exception:
        logger.exception("x")
def notify_around(x):
    try:
        notify_open(x)
    except Exception:
        logger.exception("x")
def notify_again(x):
    try:
        httpx.post("u")
    except Exception:
        logger.exception("x")
        raise
def notify_narrow(x):
    try:
        httpx.post("u")
    except httpx.TimeoutException:
        pass
def record_usage(x):
    COUNTER.inc()
def record_usage_event(session: Session, x):
    session.add(x)
def notify_unknown(x):
    gateway.tell(x)
def notify_log(x):
    logger.info("a %s", x)
def notify_later(session, x):
    @event.listens_for(session, "after_commit", once=True)
    def tell(session):
        gateway.tell(x)
    gateway.prepare(x)
def use(session: Session):
    notify_open(1)
    notify_deep(1)
    notify_safe(1)
    notify_around(1)
    notify_again(1)
    notify_narrow(1)
    record_usage(1)
    record_usage_event(session, 1)
    notify_unknown(1)
    notify_log(1)
    notify_later(session, 1)
`
    const found = those(isAuxiliaryEffect, text).filter((call) => call.endsWith('1)'))
    expect(found).toEqual(['notify_open(1)', 'notify_deep(1)', 'notify_again(1)', 'notify_narrow(1)', 'notify_unknown(1)'])
  })

  it('takes more names, and fewer', () => {
    const text = 'from app.crm import push\ndef f():\n    push(1)\n    notify_all(1)\n'
    const ask = (context: Parameters<typeof isAuxiliaryEffect>[0], call: Parameters<typeof isAuxiliaryEffect>[1]) =>
      isAuxiliaryEffect(context, call, { auxiliary: ['app.crm.*'], notAuxiliary: ['notify_all'] })
    expect(those(ask as never, text)).toEqual(['push(1)'])
    expect(those(isAuxiliaryEffect as never, text, { settings: { effects: { auxiliary: ['app.crm.push'] } } })).toEqual(['push(1)', 'notify_all(1)'])
  })
})
