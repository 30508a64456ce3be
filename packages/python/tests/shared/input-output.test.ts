import { externalCall, findInputOutput, isDatabaseCall, isFileCall } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { answersByCall, callsThat, contextOf } from '../helpers/rule-context.ts'

describe('externalCall', () => {
  it('knows functions and clients of many services, and tells what they talk to', () => {
    const opened = contextOf(`
      import subprocess
      from smtplib import SMTP

      import boto3
      import httpx
      import redis
      import requests as r
      import stripe
      from kafka import KafkaProducer
      from twilio.rest import Client as Twilio

      s3 = boto3.client("s3")

      def run(http: httpx.AsyncClient, body):
          r.get("u")
          r.Session().post("u")
          http.put("u")
          subprocess.run(["x"])
          s3.upload_file("a", "b", "c")
          boto3.resource("s3").Bucket("b").put_object(Key="k")
          stripe.Charge.create(amount=1)
          Twilio("a", "b").messages.create(body="x")
          redis.Redis().get("k")
          with SMTP("h") as mail:
              mail.send_message(body)
          producer = KafkaProducer()
          producer.send("t", b"")
    `)
    const found = answersByCall(opened, externalCall).flatMap(([text, call]) => (call ? [`${call.kind} ${call.name}: ${text}`] : []))
    expect(found).toEqual([
      'http get: r.get("u")',
      'http post: r.Session().post("u")',
      'http put: http.put("u")',
      'process run: subprocess.run(["x"])',
      'cloud upload_file: s3.upload_file("a", "b", "c")',
      'cloud put_object: boto3.resource("s3").Bucket("b").put_object(Key="k")',
      'payment create: stripe.Charge.create(amount=1)',
      'messaging create: Twilio("a", "b").messages.create(body="x")',
      'cache get: redis.Redis().get("k")',
      'mail send_message: mail.send_message(body)',
      'broker send: producer.send("t", b"")',
    ])
  })

  it("knows clients by a class of the project, and none by name alone", () => {
    const opened = contextOf(`
      import httpx
      import requests

      class Api(requests.Session):
          pass

      def run(session, client, response: requests.Response):
          Api().get("u")
          session.get("u")
          client.get("u")
          response.json()
          httpx.Client().close()
          httpx.Client().headers.update({})
          httpx.get("u").json()
    `)
    expect(callsThat(opened, externalCall)).toEqual(['Api().get("u")', 'httpx.get("u")'])
  })
})

describe('isDatabaseCall', () => {
  it('knows sessions, connections, engines and drivers', () => {
    const opened = contextOf(`
      import sqlite3
      from typing import Annotated
      import asyncpg
      from fastapi import Depends
      from sqlalchemy import create_engine
      from sqlalchemy.orm import Session, sessionmaker

      engine = create_engine("sqlite://")
      SessionLocal = sessionmaker(bind=engine)
      SessionDep = Annotated[Session, Depends(lambda: None)]

      def run(db: Session, dep: SessionDep, statement):
          db.execute(statement)
          dep.scalars(statement)
          db.add(statement)
          with SessionLocal() as made:
              made.commit()
          engine.connect()
          sqlite3.connect("x").execute(statement)

      async def load(connection: asyncpg.Connection):
          await connection.fetchrow("x")
    `)
    expect(callsThat(opened, isDatabaseCall)).toEqual([
      'db.execute(statement)',
      'dep.scalars(statement)',
      'made.commit()',
      'engine.connect()',
      'sqlite3.connect("x").execute(statement)',
      'sqlite3.connect("x")',
      'connection.fetchrow("x")',
    ])
  })

  it('goes by the name of a session where nothing is known', () => {
    const opened = contextOf(
      `
        import requests
        from flask import session as visitor

        def run(self, session, db, other, web: requests.Session):
            session.execute(1)
            self._session.get(1)
            db.session.commit()
            db.execute(1)
            other.execute(1)
            self.unit.flush()
            web.get(1)
            visitor.get(1)
            session.items()
      `,
      { settings: { database: { sessionNames: ['unit'] } } },
    )
    expect(callsThat(opened, isDatabaseCall)).toEqual(['session.execute(1)', 'self._session.get(1)', 'db.session.commit()', 'self.unit.flush()'])
  })
})

describe('isFileCall', () => {
  it('knows opening, reading and writing', () => {
    const opened = contextOf(`
      import gzip
      from pathlib import Path

      class Store:
          def read_text(self): ...

      def run(path, store: Store):
          with open(path) as file:
              file.read()
          Path(path).read_text()
          path.write_bytes(b"")
          gzip.open(path)
          store.read_text()
          store.read()
          path.exists()
    `)
    expect(callsThat(opened, isFileCall)).toEqual(['open(path)', 'file.read()', 'Path(path).read_text()', 'path.write_bytes(b"")', 'gzip.open(path)'])
  })
})

describe('findInputOutput', () => {
  it.each([
    ['await load()', 'await load()'],
    ['x = [y async for y in rows]', 'async for y in rows'],
    ['async with lock: pass', 'async with lock: pass'],
    ['async for x in rows: pass', 'async for x in rows: pass'],
    ['x = load(open(path))', 'open(path)'],
    ['x = load(path)', null],
    ['def later(): open(path)', null],
    ['x = lambda: open(path)', null],
    ['for x in rows: pass', null],
  ])('%s', (statement, expected) => {
    const { file, context } = contextOf(`async def run():\n    ${statement}\n`)
    expect(findInputOutput(context, file.first('function_definition').body)?.text ?? null).toBe(expected)
  })
})
