import { python, RuleTester } from '@krait/rule-tester'
import { noLazyLoadInLoop } from '../src/rules/no-lazy-load-in-loop.ts'

const IMPORTS = python`
  from sqlalchemy import ForeignKey, select
  from sqlalchemy.ext.asyncio import AsyncSession
  from sqlalchemy.orm import DeclarativeBase, Mapped, Session, contains_eager, defer, joinedload, mapped_column, relationship, selectinload

  class Base(DeclarativeBase): ...

  class Team(Base):
      __tablename__ = "teams"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]

  class Author(Base):
      __tablename__ = "authors"
      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str]
      team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
      team: Mapped[Team] = relationship()

  class Post(Base):
      __tablename__ = "posts"
      id: Mapped[int] = mapped_column(primary_key=True)
      author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
      author: Mapped[Author] = relationship(backref="posts")
      editor: Mapped[Author] = relationship(lazy="joined")
      comments: Mapped[list["Comment"]] = relationship(back_populates="post")
      tags: Mapped[list["Tag"]] = relationship(lazy="raise")

  class Comment(Base):
      __tablename__ = "comments"
      id: Mapped[int] = mapped_column(primary_key=True)
      post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
      post: Mapped[Post] = relationship(back_populates="comments")

  class Tag(Base):
      __tablename__ = "tags"
      id: Mapped[int] = mapped_column(primary_key=True)
      post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))

  def posts_of(db: Session, author):
      return db.scalars(select(Post).where(Post.author_id == author)).all()

`
const LINES = IMPORTS.split('\n').length - 1

function valid(name: string, code: string, more: object = {}) {
  return { name, code: IMPORTS + code, ...more }
}

function invalid(name: string, code: string, line: number, suggestion: string | number, message?: string) {
  const suggestions = typeof suggestion === 'number' ? suggestion : [{ messageId: 'add', output: IMPORTS + suggestion }]
  return { name, code: IMPORTS + code, errors: [{ line: LINES + line, suggestions, ...(message && { message }) }] } as never
}

new RuleTester().run('sqlalchemy/no-lazy-load-in-loop', noLazyLoadInLoop, {
  valid: [
    valid('an option', 'def f(db: Session):\n    for p in db.scalars(select(Post).options(joinedload(Post.author))):\n        print(p.author.name)\n'),
    valid('a column', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        print(p.author_id)\n'),
    valid('declared eager', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        print(p.editor.name)\n'),
    valid('raise is another rule', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        print(p.tags)\n'),
    valid('contains_eager', 'def f(db: Session):\n    for p in db.scalars(select(Post).join(Post.author).options(contains_eager(Post.author))):\n        print(p.author)\n'),
    valid('an option in a variable', 'def f(db: Session):\n    stmt = select(Post)\n    stmt = stmt.options(selectinload(Post.comments))\n    posts = db.scalars(stmt).all()\n    return [p.comments for p in posts]\n'),
    valid('two hops', 'def f(db: Session):\n    for p in db.scalars(select(Post).options(joinedload(Post.author).joinedload(Author.team))):\n        print(p.author.team.name)\n'),
    valid('options inside options', 'def f(db: Session):\n    for p in db.scalars(select(Post).options(joinedload(Post.author).options(joinedload(Author.team), defer(Author.name)))):\n        print(p.author.team.name)\n'),
    valid('options that are not known', 'def f(db: Session, opts):\n    for p in db.scalars(select(Post).options(*opts)):\n        print(p.author)\n    for p in db.scalars(select(Post).options(opts)):\n        print(p.author)\n'),
    valid('a wildcard', 'def f(db: Session):\n    for p in db.scalars(select(Post).options(selectinload("*"))):\n        print(p.author)\n'),
    valid('one row', 'def f(db: Session):\n    for p in db.scalars(select(Post).limit(1)):\n        print(p.author)\n    p = db.scalars(select(Post)).first()\n    print(p.author)\n'),
    valid('a parameter', 'def f(posts: list[Post]):\n    for p in posts:\n        print(p.author)\n'),
    valid('an assignment', 'def f(db: Session, a):\n    for p in db.scalars(select(Post)):\n        p.author = a\n        print(p.author)\n'),
    valid('an async session', 'async def f(db: AsyncSession):\n    for p in await db.scalars(select(Post)):\n        print(p.author)\n    for p in (await db.execute(select(Post))).scalars():\n        print(p.author)\n'),
    valid('another query with the option', 'def f(db: Session):\n    db.scalars(select(Post).options(joinedload(Post.author))).all()\n    for p in db.scalars(select(Post)):\n        print(p.author)\n'),
    valid('rows with the option', 'def f(db: Session):\n    for p, name in db.execute(select(Post, Author.name).options(joinedload(Post.author))):\n        print(p.author)\n'),
    valid('objects that are unpacked', 'def f(db: Session):\n    for a, b in db.scalars(select(Post)):\n        print(a.author)\n'),
    valid('a column of rows', 'def f(db: Session):\n    for p, n in db.execute(select(Post.id, Author.name)):\n        print(p.author, n.team)\n'),
    valid('an async session of rows', 'async def f(db: AsyncSession):\n    for p, name in await db.execute(select(Post, Author.name)):\n        print(p.author)\n'),
    valid('a test', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        print(p.author)\n', { path: 'tests/test_a.py' }),
    valid('rows', 'def f(db: Session):\n    for p in db.execute(select(Post)):\n        print(p.author)\n'),
    valid('several definitions', 'def f(db: Session, posts):\n    if not posts:\n        posts = db.scalars(select(Post)).all()\n    for p in posts:\n        print(p.author)\n'),
    valid('the last round', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        if p.id:\n            return p.author\n'),
  ],
  invalid: [
    invalid('rows of several columns', 'def f(db: Session):\n    for name, p in db.execute(select(Author.name, Post).join(Author)).all():\n        print(p.author)\n', 3, 'def f(db: Session):\n    for name, p in db.execute(select(Author.name, Post).join(Author).options(joinedload(Post.author))).all():\n        print(p.author)\n', '`p.author` loads lazily once per `p`. Add `.options(joinedload(Post.author))` to the query in line 43.'),
    invalid('a row of one column', 'def f(db: Session):\n    for (p,) in db.execute(select(Post)):\n        print(p.author)\n', 3, 1),
    invalid('rows of a legacy query', 'def f(db: Session):\n    return [(p.author, a) for p, a in db.query(Post, Author).join(Author)]\n', 2, 1),
    invalid('a later query with the option', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        print(p.author)\n    return db.scalars(select(Post).options(joinedload(Post.author))).all()\n', 3, 1),
    invalid('a query of another model with such an option', 'def f(db: Session):\n    db.scalars(select(Author).options(joinedload(Author.posts))).all()\n    for p in db.scalars(select(Comment).options(joinedload(Comment.post))):\n        print(p.post.author)\n', 4, 0),
    invalid('the next hop by a name', 'def f(db: Session):\n    for p in db.scalars(select(Post).options(joinedload(Post.author))):\n        author = p.author\n        print(author.name, author.team)\n', 4, 0),
    invalid(
      'a loop',
      'def f(db: Session):\n    for post in db.scalars(select(Post)):\n        print(post.author.name)\n        print(post.author.name)\n',
      3,
      'def f(db: Session):\n    for post in db.scalars(select(Post).options(joinedload(Post.author))):\n        print(post.author.name)\n        print(post.author.name)\n',
      `\`post.author\` loads lazily once per \`post\`. Add \`.options(joinedload(Post.author))\` to the query in line ${LINES + 2}.`,
    ),
    invalid('a collection', 'def f(db: Session):\n    return [len(p.comments) for p in db.scalars(select(Post)).all()]\n', 2, 'def f(db: Session):\n    return [len(p.comments) for p in db.scalars(select(Post).options(selectinload(Post.comments))).all()]\n'),
    invalid('execute', 'def f(db: Session):\n    for p in db.execute(select(Post)).scalars().all():\n        print(p.author)\n', 3, 1),
    invalid('a second hop', 'def f(db: Session):\n    return [p.author.team.name for p in\n      db.scalars(select(Post).options(joinedload(Post.author)))]\n', 2, 0, `\`p.author.team\` loads lazily once per \`p\`. Add \`.options(joinedload(Author.team))\` to the query in line ${LINES + 3}.`),
    invalid('variables', 'def f(db: Session):\n    stmt = select(Post)\n    posts = db.scalars(stmt).all()\n    for p in posts:\n        print(p.author)\n', 5, 'def f(db: Session):\n    stmt = select(Post)\n    posts = db.scalars(stmt.options(joinedload(Post.author))).all()\n    for p in posts:\n        print(p.author)\n'),
    invalid('a legacy query', 'def f(db: Session):\n    for p in db.query(Post).filter(Post.id > 1).all():\n        print(p.author)\n', 3, 1),
    invalid('a legacy query that is looped over', 'def f(db: Session):\n    for p in db.query(Post):\n        print(p.author)\n', 3, 1),
    invalid('an alias', 'def f(db: Session):\n    for p in db.scalars(select(Post)):\n        q = p\n        print(q.author)\n', 4, 1),
    invalid('a backref', 'def f(db: Session):\n    for a in db.scalars(select(Author)):\n        print(a.posts)\n', 3, 1),
    invalid('a session of unknown kind', 'def f(session):\n    for p in session.scalars(select(Post)):\n        print(p.author)\n', 3, 1),
    invalid('a list', 'def f(db: Session):\n    for p in list(db.scalars(select(Post))):\n        print(p.author)\n', 3, 1),
    invalid('enumerate', 'def f(db: Session):\n    for i, p in enumerate(db.scalars(select(Post))):\n        print(i, p.author)\n', 3, 1),
    invalid('a function', 'def f(db: Session):\n    for p in posts_of(db, 1):\n        print(p.author)\n', 3, 0, '`p.author` loads lazily once per `p`. Add `.options(joinedload(Post.author))` to the query of `posts_of`.'),
    invalid('another option', 'def f(db: Session):\n    for p in db.scalars(select(Post).options(selectinload(Post.comments))):\n        print(p.author, p.comments)\n', 3, 1),
  ],
})
