import { python, RuleTester } from '@krait/rule-tester'
import { checkHttpStatus } from '../src/rules/check-http-status.ts'

const tester = new RuleTester()
const messageId = 'unchecked'

tester.run('check-http-status', checkHttpStatus, {
  valid: [
    {
      name: 'a function of a library that is not known gets the response',
      code: python`
        import requests
        from acme.http import verify

        def rates(url):
            response = requests.get(url, timeout=5)
            verify(response)
            return response.json()
      `,
    },
    {
      name: 'the status is looked at',
      code: python`
        import aiohttp, httpx, requests

        def first(url):
            resp = httpx.get(url)
            resp.raise_for_status()
            return resp.json()

        def second(client: httpx.Client, url):
            resp = client.get(url)
            if resp.status_code == 404:
                return None
            return resp.raise_for_status().json()

        def third(url):
            resp = requests.get(url, timeout=5)
            if resp.ok:
                return resp.json()

        def fourth(url):
            resp = requests.get(url, timeout=5)
            if not resp:
                raise Unavailable()
            return resp.text

        async def fifth(session: aiohttp.ClientSession, url):
            async with session.get(url) as resp:
                if resp.status != 200:
                    return None
                return await resp.read()

        def sixth(url):
            return httpx.get(url).raise_for_status().json()

        def seventh(url):
            resp = httpx.get(url)
            return resp.json() if resp.is_success else None

        def eighth(url):
            resp = requests.get(url, timeout=5)
            log(resp.status_code, resp.text)

        def ninth(url):
            if (resp := requests.get(url, timeout=5)).ok:
                return resp.json()

        def tenth(url):
            if resp := requests.get(url, timeout=5):
                return resp.json()

        def eleventh(url):
            for attempt in range(3):
                resp = requests.get(url, timeout=5)
                if resp.status_code < 500:
                    break
            return resp.json()
      `,
    },
    {
      name: 'a function that looks, or may look',
      code: python`
        import httpx

        def check(response):
            if response.status_code >= 400:
                raise Failed()

        def first(url):
            resp = httpx.get(url)
            check(resp)
            return resp.json()

        def second(self, url):
            resp = httpx.get(url)
            self.check(resp)
            return resp.json()

        class Api:
            def _check(self, url, response):
                assert response.is_success, url

            def load(self, url):
                resp = httpx.get(url)
                self._check(url, resp)
                return resp.json()
      `,
    },
    {
      name: 'a function of another file that looks',
      files: {
        'app/__init__.py': '',
        'app/checks.py': python`
          class Checks:
              def check(self, url, response):
                  if not response.ok:
                      raise Failed(url)

          def passed(response):
              return Checks().check("", response)
        `,
      },
      path: 'app/load.py',
      code: python`
        import requests
        from app.checks import Checks, passed

        def first(url, checks: Checks):
            resp = requests.get(url, timeout=5)
            checks.check(url, resp)
            return resp.json()

        def second(url):
            resp = requests.get(url, timeout=5)
            passed(response=resp)
            return resp.json()
      `,
    },
    {
      name: 'clients that raise by themselves',
      files: {
        'app/__init__.py': '',
        'app/http.py': python`
          import requests

          class Strict(requests.Session):
              def request(self, *args, **kwargs):
                  resp = super().request(*args, **kwargs)
                  resp.raise_for_status()
                  return resp
        `,
      },
      path: 'app/load.py',
      code: python`
        import aiohttp, httpx, requests
        from app.http import Strict

        def raise_on_error(response):
            response.raise_for_status()

        async def first(url):
            async with aiohttp.ClientSession(raise_for_status=True) as session:
                async with session.get(url) as resp:
                    return await resp.json()

        async def second(session: aiohttp.ClientSession, url):
            async with session.get(url, raise_for_status=True) as resp:
                return await resp.json()

        client = httpx.Client(event_hooks={"response": [raise_on_error]})

        def third(url):
            return client.get(url).json()

        def fourth(url):
            session = requests.Session()
            session.hooks["response"].append(raise_on_error)
            return session.get(url).json()

        class Api:
            def __init__(self):
                self._session = aiohttp.ClientSession(raise_for_status=True)

            async def load(self, url):
                async with self._session.get(url) as resp:
                    return await resp.json()

        def fifth(url):
            return Strict().get(url).json()
      `,
    },
    {
      name: 'no body is used',
      code: python`
        import httpx, requests

        def first(url):
            return httpx.get(url)

        def second(self, url):
            self.response = httpx.get(url)

        def third(url):
            return requests.head(url).text

        def fourth(url):
            return requests.request("HEAD", url).text

        def fifth(url):
            resp = httpx.get(url)
            return resp.headers["etag"]

        def sixth(url, client, cache):
            return client.get(url).json() or cache.get(url).text
      `,
    },
    {
      name: 'a handler that looks when there is no JSON',
      code: python`
        import httpx

        def first(url):
            resp = httpx.get(url)
            try:
                return resp.json()
            except ValueError:
                raise Failed(resp.status_code)
      `,
    },
    { name: 'tests', path: 'tests/test_api.py', code: 'import requests\nrequests.get("/").json()\n' },
    { name: 'scripts', path: 'scripts/seed.py', code: 'import requests\nrequests.get("/").json()\n' },
  ],
  invalid: [
    {
      name: 'a function of a known library gets the response',
      code: python`
        import pprint, requests

        def rates(url):
            response = requests.get(url, timeout=5)
            pprint.pprint(response)
            return response.json()
      `,
      errors: [{ line: 4, suggestions: 1 }],
    },
    {
      name: 'chained',
      code: python`
        import requests, httpx

        rates = requests.get(RATES_URL, timeout=5).json()
        page = httpx.get(RATES_URL).text

        async def load(client: httpx.AsyncClient, url):
            return (await client.get(url)).json()
      `,
      errors: [
        {
          message:
            'The body of \`requests.get(RATES_URL, timeout=5)\` is parsed on line 3 without a look at the status: a 500 page would be taken for data. Call \`raise_for_status()\` first.',
          line: 3,
        },
        { messageId, line: 4, suggestions: 1 },
        { messageId, line: 7, suggestions: 1 },
      ],
    },
    {
      name: 'a comment stays with the request',
      code: 'import httpx\n\ndef load(client: httpx.Client, url):\n    resp = client.get(url)  # cached upstream\n    return resp.json()\n',
      errors: [
        {
          messageId,
          line: 4,
          suggestions: [
            {
              messageId: 'raiseForStatus',
              output: 'import httpx\n\ndef load(client: httpx.Client, url):\n    resp = client.get(url)  # cached upstream\n    resp.raise_for_status()\n    return resp.json()\n',
            },
          ],
        },
      ],
    },
    {
      name: 'bound by with',
      code: python`
        import aiohttp

        async def load(session: aiohttp.ClientSession, url):
            async with session.get(url) as resp:
                return await resp.text()
      `,
      errors: [
        {
          messageId,
          line: 4,
          suggestions: [
            {
              messageId: 'raiseForStatus',
              output: python`
                import aiohttp

                async def load(session: aiohttp.ClientSession, url):
                    async with session.get(url) as resp:
                        resp.raise_for_status()
                        return await resp.text()
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'bound by a name',
      code: python`
        import httpx

        def load(client: httpx.Client, url):
            resp = client.get(url)
            data = resp.json()
            return data
      `,
      errors: [
        {
          message:
            'The body of \`client.get(url)\` is parsed on line 5 without a look at the status: a 500 page would be taken for data. Call \`raise_for_status()\` first.',
          line: 4,
          suggestions: [
            {
              messageId: 'raiseForStatus',
              output: python`
                import httpx

                def load(client: httpx.Client, url):
                    resp = client.get(url)
                    resp.raise_for_status()
                    data = resp.json()
                    return data
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'on some path, after another response, by a function that does not look, too late',
      code: python`
        import httpx, logging, requests
        logger = logging.getLogger(__name__)

        def parse(response, other=None):
            other and other.raise_for_status()
            return response.headers

        def first(url, strict):
            resp = httpx.get(url)
            if strict:
                resp.raise_for_status()
            return resp.json()

        def second(url):
            resp = httpx.get(url)
            resp.raise_for_status()
            resp = httpx.get(resp.headers["location"])
            return resp.json()

        def third(url):
            resp = httpx.get(url)
            parse(resp)
            logger.info("got %s", resp)
            print(resp)
            return resp.content

        def fourth(url):
            with requests.get(url, stream=True, timeout=5) as resp:
                for chunk in resp.iter_content(100):
                    yield chunk
                resp.raise_for_status()

        async def fifth(client: httpx.AsyncClient, url):
            async with client.stream("GET", url) as resp:
                async for line in resp.aiter_lines():
                    yield line

        def sixth(url):
            resp = httpx.get(url)
            if resp:
                return resp.json()
      `,
      errors: [
        { messageId, line: 9, suggestions: 1 },
        { messageId, line: 17, suggestions: 1 },
        { messageId, line: 21, suggestions: 1 },
        { messageId, line: 28, suggestions: 1 },
        { messageId, line: 34, suggestions: 1 },
        { messageId, line: 39, suggestions: 1 },
      ],
    },
    {
      name: 'a function of another file that does not look',
      files: {
        'app/__init__.py': '',
        'app/parse.py': python`
          def etag(response):
              return response.headers["etag"]
        `,
      },
      path: 'app/load.py',
      code: python`
        import requests
        from app.parse import etag

        def load(url):
            resp = requests.get(url, timeout=5)
            store(etag(resp))
            return resp.json()
      `,
      errors: [{ messageId, line: 5, suggestions: 1 }],
    },
    {
      name: 'a handler that only knows that there is no JSON; hooks that do not raise',
      code: python`
        import httpx

        def note(response):
            print(response)

        def first(url):
            resp = httpx.get(url)
            try:
                return resp.json()
            except ValueError:
                return None

        client = httpx.Client(event_hooks={"request": [note]})

        def second(url):
            return client.get(url).json()
      `,
      errors: [
        { messageId, line: 7, suggestions: 1 },
        { messageId, line: 16, suggestions: 1 },
      ],
    },
  ],
})
