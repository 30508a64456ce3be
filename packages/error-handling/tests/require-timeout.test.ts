import { python, RuleTester } from '@krait/rule-tester'
import { requireTimeout } from '../src/rules/require-timeout.ts'

const tester = new RuleTester()
const messageId = 'missing'

tester.run('require-timeout: requests', requireTimeout, {
  valid: [
    {
      name: 'a timeout of any value but None',
      code: python`
        import requests
        from app.config import settings

        def load(url, timeout):
            requests.get(url, timeout=5)
            requests.post(url, timeout=(3, 10))
            requests.put(url, timeout=settings.timeout)
            requests.get(url, timeout=timeout)
            requests.request("GET", url, **{"timeout": 5})
            requests.Session().request("GET", url, None, None, None, None, None, None, 5)
      `,
    },
    {
      name: 'arguments that are not seen',
      code: python`
        import requests

        def load(url, **options):
            requests.get(url, **options)
            requests.Session().get(url, **options)
            requests.Session().request(*options["request"])
      `,
    },
    {
      name: 'what is not of requests',
      code: python`
        import requests

        def load(url, headers, session, self):
            headers.get("x")
            session.get(url)
            self.http.get(url)
            {}.get(url)
            requests.utils.quote(url)
            requests.exceptions.Timeout()
            requests.Request("GET", url)
      `,
    },
    {
      name: 'a project session that sets the timeout in request or send, also in another module',
      files: {
        'app/__init__.py': '',
        'app/base.py': python`
          import requests

          class Base(requests.Session):
              def send(self, request, **kwargs):
                  kwargs.setdefault("timeout", 10)
                  return super().send(request, **kwargs)
        `,
      },
      path: 'app/client.py',
      code: python`
        import requests
        from app.base import Base

        class Derived(Base):
            pass

        class Client(requests.Session):
            def request(self, method, url, timeout=10, **kwargs):
                return super().request(method, url, timeout=timeout, **kwargs)

        Derived().get("/")
        client = Client()
        client.post("/")
      `,
    },
    {
      name: 'a session with an adapter that has a timeout',
      code: python`
        import requests
        from requests.adapters import HTTPAdapter

        class TimeoutAdapter(HTTPAdapter):
            def send(self, request, **kwargs):
                kwargs["timeout"] = 5
                return super().send(request, **kwargs)

        session = requests.Session()
        session.mount("https://", TimeoutAdapter())

        def load(url):
            return session.get(url)

        def make() -> requests.Session:
            made = requests.Session()
            made.mount("https://", TimeoutAdapter())
            return made

        def other(url):
            return make().get(url)

        class Client:
            def __init__(self):
                self._http = requests.Session()
                self._http.mount("https://", adapter=TimeoutAdapter())
                self._made = make()

            def load(self, url):
                self._made.get(url)
                return self._http.get(url)
      `,
    },
    {
      name: 'a library adapter, and one that is not known',
      code: python`
        import requests
        from vendor.http import TimeoutHTTPAdapter

        def load(url, adapter):
            session = requests.Session()
            session.mount("https://", TimeoutHTTPAdapter(timeout=5))
            session.get(url)

        def other(url, adapter):
            with requests.Session() as http:
                http.mount("https://", adapter)
                http.get(url)
      `,
    },
    {
      name: 'a session whose request has been replaced',
      code: python`
        import functools
        import requests

        session = requests.Session()
        session.request = functools.partial(session.request, timeout=5)

        def load(url):
            fetch = functools.partial(requests.get, timeout=5)
            fetch(url)
            return session.get(url)
      `,
    },
    {
      name: 'a session of another module with an adapter',
      files: {
        'app/__init__.py': '',
        'app/http.py': python`
          import requests
          from app.adapters import TimeoutAdapter

          session = requests.Session()
          session.mount("https://", TimeoutAdapter())

          class Base:
              def __init__(self):
                  self.http = requests.Session()
                  self.http.mount("https://", TimeoutAdapter())
        `,
        'app/adapters.py': python`
          from requests.adapters import HTTPAdapter

          class TimeoutAdapter(HTTPAdapter):
              def __init__(self, timeout=5, **kwargs):
                  self.timeout = timeout
                  super().__init__(**kwargs)
        `,
      },
      path: 'app/load.py',
      code: python`
        from app.http import Base, session

        class Client(Base):
            def load(self, url):
                return self.http.get(url)

        def load(url):
            return session.get(url)
      `,
    },
    { name: 'tests', path: 'tests/test_api.py', code: 'import requests\nrequests.get("/")\n' },
    { name: 'scripts', path: 'scripts/seed.py', code: 'import requests\nrequests.get("/")\n' },
  ],
  invalid: [
    {
      name: 'a function of the module',
      code: python`
        import requests

        resp = requests.get(url)
      `,
      errors: [
        {
          message: '`requests.get()` has no timeout: `requests` waits for ever. Pass `timeout=` (seconds, or a (connect, read) tuple).',
          line: 3,
          suggestions: [{ messageId: 'add', output: 'import requests\n\nresp = requests.get(url, timeout=10)\n' }],
        },
      ],
    },
    {
      name: 'None, aliases, streams and every function',
      code: python`
        import requests as http
        from requests import get as fetch, api

        def load(url):
            http.post(url, json={}, timeout=None)
            fetch(url)
            http.api.put(url)
            http.patch(url)
            http.delete(url)
            http.head(url)
            http.options(url)
            http.request("GET", url)
            http.get(url, stream=True)
            http.get(*url)
      `,
      errors: Array.from({ length: 10 }, (_, i) => ({ messageId, line: i + 5, suggestions: 1 })),
    },
    {
      name: 'sessions by constructor, with, annotation, constant and attribute',
      code: python`
        import requests
        from requests import Session

        session = Session()

        def load(url, given: requests.Session, perhaps: Session | None = None):
            with requests.Session() as opened:
                opened.get(url)
            requests.session().get(url)
            given.get(url)
            perhaps.get(url)
            session.get(
                url,
                stream=True,
            )

        class Client:
            def __init__(self):
                self._http = requests.Session(); self._http.post(url, json=body)

            async def load(self, url):
                return self._http.request("GET", url)
      `,
      errors: [
        { messageId, line: 8, suggestions: 1 },
        { messageId, line: 9, suggestions: 1 },
        { messageId, line: 10, suggestions: 1 },
        { messageId, line: 11, suggestions: 1 },
        { messageId, line: 12, suggestions: 1 },
        { message: '`self._http.post()` has no timeout: `requests` waits for ever. Pass `timeout=` (seconds, or a (connect, read) tuple).', line: 19, suggestions: 1 },
        { messageId, line: 22, suggestions: 1 },
      ],
    },
    {
      name: 'sessions of other modules: a constant, a function, a base class',
      files: {
        'app/__init__.py': '',
        'app/http.py': python`
          import requests

          session = requests.Session()

          def make_session() -> requests.Session:
              made = requests.Session()
              made.mount("https://", requests.adapters.HTTPAdapter(max_retries=3))
              return made

          class Base:
              def __init__(self):
                  self.http = make_session()
        `,
      },
      path: 'app/load.py',
      code: python`
        from app.http import Base, make_session, session as shared

        class Client(Base):
            def load(self, url):
                return self.http.get(url)

        def load(url):
            make_session().get(url)
            return shared.get(url)
      `,
      errors: [
        { messageId, line: 5, suggestions: 1 },
        { messageId, line: 8, suggestions: 1 },
        { messageId, line: 9, suggestions: 1 },
      ],
    },
    {
      name: 'adapters and overrides without a timeout',
      code: python`
        import requests
        from requests.adapters import HTTPAdapter

        class Logged(requests.Session):
            def request(self, method, url, **kwargs):
                print(url)
                return super().request(method, url, **kwargs)

        class Poolful(HTTPAdapter):
            def init_poolmanager(self, *args, **kwargs):
                return super().init_poolmanager(*args, **kwargs)

        def load(url):
            session = requests.Session()
            session.mount("https://", HTTPAdapter(max_retries=3))
            session.mount("http://", Poolful())
            session.get(url)
            Logged().get(url)

        def other(url):
            session = requests.Session()
            session.get(url)

        def third(url):
            session = requests.Session()
            session.mount("https://", TimeoutAdapter())
      `,
      errors: [
        { messageId, line: 17, suggestions: 1 },
        { messageId, line: 18, suggestions: 1 },
        { messageId, line: 22, suggestions: 1 },
      ],
    },
  ],
})

tester.run('require-timeout: httpx and aiohttp', requireTimeout, {
  valid: [
    {
      name: 'libraries with a timeout of their own',
      code: python`
        import aiohttp
        import httpx

        async def load(url, timeout):
            httpx.get(url)
            httpx.get(url, timeout=timeout)
            async with httpx.AsyncClient() as client:
                await client.get(url)
                await client.get(url, timeout=5)
            httpx.Client(timeout=httpx.Timeout(5, read=None))
            async with aiohttp.ClientSession() as session:
                async with session.get(url) as resp:
                    await resp.text()
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_read=30))
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout())
            aiohttp.ClientSession(timeout=make_timeout())
            other.AsyncClient(timeout=None)
      `,
    },
  ],
  invalid: [
    {
      name: 'None',
      code: python`
        import httpx

        client = httpx.AsyncClient(timeout=None)
        httpx.get("/", timeout=None)
        with httpx.stream("GET", "/", timeout=None) as resp:
            pass

        class Api:
            def __init__(self):
                self.client = httpx.Client(base_url="/")

            def load(self):
                return self.client.post("/", timeout=None)
      `,
      errors: [
        {
          message: '`httpx.AsyncClient()` has no timeout: `httpx` waits for ever. Pass `timeout=` (seconds).',
          line: 3,
          suggestions: 1,
        },
        { messageId, line: 4, suggestions: 1 },
        { messageId, line: 5, suggestions: 1 },
        { messageId, line: 13, suggestions: 1 },
      ],
    },
    {
      name: 'aiohttp without any bound',
      code: python`
        from aiohttp import ClientSession, ClientTimeout

        NEVER = ClientTimeout(total=None, connect=None)
        a = ClientSession(timeout=ClientTimeout(total=None))
      `,
      errors: [
        {
          messageId,
          line: 4,
          suggestions: [
            {
              messageId: 'set',
              output: python`
                from aiohttp import ClientSession, ClientTimeout

                NEVER = ClientTimeout(total=None, connect=None)
                a = ClientSession(timeout=ClientTimeout(total=10))
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'aiohttp by a name, and for one request',
      code: python`
        import aiohttp

        NEVER = aiohttp.ClientTimeout(total=None, connect=None)
        b = aiohttp.ClientSession(timeout=NEVER)

        async def load(url):
            async with aiohttp.ClientSession() as session:
                async with session.get(url, timeout=None) as resp:
                    return await resp.json()
      `,
      errors: [
        { messageId, line: 4, suggestions: 1 },
        { messageId, line: 8, suggestions: 1 },
      ],
    },
  ],
})

tester.run('require-timeout: the standard library', requireTimeout, {
  valid: [
    {
      name: 'a timeout by keyword or position',
      code: python`
        import ftplib, http.client, imaplib, smtplib, socket
        from urllib.request import urlopen

        def load(url, options):
            urlopen(url, None, 5)
            urlopen(url, timeout=5)
            smtplib.SMTP("mail", 25, None, 5)
            smtplib.SMTP("mail", timeout=5)
            smtplib.SMTP(*options)
            smtplib.SMTP_SSL("mail", **options)
            ftplib.FTP("host", timeout=5)
            imaplib.IMAP4_SSL("host", timeout=5)
            imaplib.IMAP4_stream("ssh host imapd")
            http.client.HTTPSConnection("host", timeout=5)
            socket.create_connection(("host", 80), 5)
            socket.socket()
            ftp = ftplib.FTP()
            ftp.connect("host", timeout=5)
      `,
    },
    {
      name: 'a default for all sockets, set anywhere in the project',
      files: { 'app/__init__.py': 'import socket\nsocket.setdefaulttimeout(10)\n' },
      code: python`
        from urllib.request import urlopen

        urlopen("http://host")
      `,
    },
  ],
  invalid: [
    {
      name: 'calls without a timeout',
      files: { 'app/__init__.py': 'import socket\nsocket.setdefaulttimeout(None)\n' },
      code: python`
        import ftplib, http.client, imaplib, smtplib, socket, urllib.request
        from urllib.request import urlopen as open_url

        def load(url):
            open_url(url)
            urllib.request.urlopen(url, None, None)
            smtplib.SMTP("mail", 25)
            with smtplib.SMTP_SSL("mail") as smtp:
                smtp.noop()
            smtplib.LMTP("mail")
            ftplib.FTP("host")
            imaplib.IMAP4("host")
            imaplib.IMAP4_SSL("host")
            http.client.HTTPConnection("host")
            http.client.HTTPSConnection("host")
            socket.create_connection(("host", 80))
            smtplib.SMTP()
      `,
      errors: [
        { message: '`open_url()` has no timeout: `urllib` waits for ever. Pass `timeout=` (seconds).', line: 5, suggestions: 1 },
        { messageId, line: 6, suggestions: 1 },
        { messageId, line: 7, suggestions: 1 },
        { messageId, line: 8, suggestions: 1 },
        { messageId, line: 10, suggestions: 1 },
        { messageId, line: 11, suggestions: 1 },
        { messageId, line: 12, suggestions: 1 },
        { messageId, line: 13, suggestions: 1 },
        { messageId, line: 14, suggestions: 1 },
        { messageId, line: 15, suggestions: 1 },
        { messageId, line: 16, suggestions: 1 },
        { messageId, line: 17, suggestions: 1 },
      ],
    },
    {
      name: 'requests does not use the default of sockets',
      code: python`
        import requests, socket

        socket.setdefaulttimeout(10)
        requests.get("/")
      `,
      errors: [{ messageId, line: 4, suggestions: 1 }],
    },
  ],
})

tester.run('require-timeout: options', requireTimeout, {
  valid: [
    { name: 'no option', code: 'def load(stub): stub.GetUser(request)\n' },
    {
      name: 'a timeout',
      options: [{ calls: [{ name: 'GetUser', argument: 'timeout' }] }],
      code: 'def load(stub): stub.GetUser(request, timeout=5)\n',
    },
    {
      name: 'another function of that name',
      options: [{ calls: [{ name: 'app.api.Gateway.call', argument: 'deadline' }] }],
      code: 'def load(gateway): gateway.call(request)\n',
    },
  ],
  invalid: [
    {
      name: 'methods by their last part or in full',
      files: { 'app/__init__.py': '', 'app/api.py': 'class Gateway:\n    def call(self, request, deadline=None): ...\n' },
      options: [
        {
          calls: [
            { name: 'GetUser', argument: 'timeout' },
            { name: 'app.api.Gateway.call', argument: 'deadline' },
          ],
        },
      ],
      code: python`
        from app.api import Gateway

        def load(stub, gateway: Gateway):
            stub.GetUser(request)
            gateway.call(request, deadline=None)
      `,
      errors: [
        { messageId, line: 4, suggestions: 1 },
        { message: '`gateway.call()` has no timeout: `call` waits for ever. Pass `deadline=` (seconds).', line: 5, suggestions: 1 },
      ],
    },
  ],
})
