import { readClassTable } from './class-table.ts'

/** The exceptions of Python 3.9 to 3.14 and its standard library. Names that are merely other names of these are in `EXCEPTION_ALIASES`. */
export const STANDARD_EXCEPTIONS = readClassTable(`
  @ builtins
  BaseException < object
  BaseExceptionGroup Exception GeneratorExit KeyboardInterrupt SystemExit < BaseException
  ArithmeticError AssertionError AttributeError BufferError EOFError ImportError LookupError MemoryError NameError OSError ReferenceError
    RuntimeError StopAsyncIteration StopIteration SyntaxError SystemError TypeError ValueError Warning < Exception
  BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError
    PermissionError ProcessLookupError TimeoutError < OSError
  BytesWarning DeprecationWarning EncodingWarning FutureWarning ImportWarning PendingDeprecationWarning ResourceWarning RuntimeWarning
    SyntaxWarning UnicodeWarning UserWarning < Warning
  ExceptionGroup < BaseExceptionGroup, Exception
  FloatingPointError OverflowError ZeroDivisionError < ArithmeticError
  IndentationError < SyntaxError
  IndexError KeyError < LookupError
  ModuleNotFoundError < ImportError
  NotImplementedError PythonFinalizationError RecursionError < RuntimeError
  UnboundLocalError < NameError
  UnicodeError < ValueError
  BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError < ConnectionError
  TabError < IndentationError
  UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError < UnicodeError
  @ asyncio
  CancelledError < builtins.BaseException
  InvalidStateError LimitOverrunError QueueEmpty QueueFull QueueShutDown < builtins.Exception
  BrokenBarrierError SendfileNotAvailableError < builtins.RuntimeError
  IncompleteReadError < builtins.EOFError
  @ concurrent.futures
  BrokenExecutor < builtins.RuntimeError
  CancelledError < builtins.Exception
  @ json
  JSONDecodeError < builtins.ValueError
  @ subprocess
  SubprocessError < builtins.Exception
  CalledProcessError TimeoutExpired < SubprocessError
  @ socket
  gaierror herror < builtins.OSError
  @ ssl
  SSLError < builtins.OSError
  SSLEOFError SSLSyscallError SSLWantReadError SSLWantWriteError SSLZeroReturnError < SSLError
  SSLCertVerificationError < SSLError, builtins.ValueError
  @ smtplib
  SMTPException < builtins.OSError
  SMTPNotSupportedError SMTPRecipientsRefused SMTPResponseException SMTPServerDisconnected < SMTPException
  SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPHeloError SMTPSenderRefused < SMTPResponseException
  @ queue
  Empty Full ShutDown < builtins.Exception
  @ multiprocessing
  ProcessError < builtins.Exception
  AuthenticationError BufferTooShort TimeoutError < ProcessError
  @ http.client
  HTTPException < builtins.Exception
  BadStatusLine ImproperConnectionState IncompleteRead InvalidURL LineTooLong NotConnected UnimplementedFileMode UnknownProtocol
    UnknownTransferEncoding < HTTPException
  CannotSendHeader CannotSendRequest ResponseNotReady < ImproperConnectionState
  RemoteDisconnected < builtins.ConnectionResetError, BadStatusLine
  @ urllib.error
  URLError < builtins.OSError
  ContentTooShortError HTTPError < URLError
  @ ftplib
  Error < builtins.Exception
  error_perm error_proto error_reply error_temp < Error
  @ poplib
  error_proto < builtins.Exception
  @ shutil
  RegistryError < builtins.Exception
  Error ExecError ReadError SpecialFileError < builtins.OSError
  SameFileError < Error
  @ zipfile
  BadZipFile LargeZipFile < builtins.Exception
  @ tarfile
  TarError < builtins.Exception
  CompressionError ExtractError FilterError HeaderError ReadError StreamError < TarError
  AbsoluteLinkError AbsolutePathError LinkOutsideDestinationError OutsideDestinationError SpecialFileError < FilterError
  EOFHeaderError EmptyHeaderError InvalidHeaderError SubsequentHeaderError TruncatedHeaderError < HeaderError
  @ sqlite3
  Error Warning < builtins.Exception
  DatabaseError InterfaceError < Error
  DataError IntegrityError InternalError NotSupportedError OperationalError ProgrammingError < DatabaseError
  @ configparser
  Error < builtins.Exception
  DuplicateOptionError DuplicateSectionError InterpolationError NoOptionError NoSectionError ParsingError < Error
  InterpolationDepthError InterpolationMissingOptionError InterpolationSyntaxError < InterpolationError
  MissingSectionHeaderError < ParsingError
  @ email.errors
  MessageError < builtins.Exception
  CharsetError MessageParseError < MessageError
  MessageDefect < builtins.ValueError
  BoundaryError HeaderParseError < MessageParseError
  CloseBoundaryNotFoundDefect FirstHeaderLineIsContinuationDefect HeaderDefect InvalidBase64CharactersDefect InvalidBase64LengthDefect
    InvalidBase64PaddingDefect InvalidMultipartContentTransferEncodingDefect MisplacedEnvelopeHeaderDefect MissingHeaderBodySeparatorDefect
    MultipartInvariantViolationDefect NoBoundaryInMultipartDefect StartBoundaryNotFoundDefect UndecodableBytesDefect < MessageDefect
  MultipartConversionError < MessageError, builtins.TypeError
  HeaderMissingRequiredValue InvalidDateDefect InvalidHeaderDefect NonASCIILocalPartDefect NonPrintableDefect ObsoleteHeaderDefect
    < HeaderDefect
  @ xml.etree.ElementTree
  ParseError < builtins.SyntaxError
  @ xml.parsers.expat
  ExpatError < builtins.Exception
  @ decimal
  DecimalException < builtins.ArithmeticError
  Clamped Inexact InvalidOperation Rounded Subnormal < DecimalException
  ConversionSyntax DivisionImpossible InvalidContext < InvalidOperation
  DivisionByZero < DecimalException, builtins.ZeroDivisionError
  FloatOperation < DecimalException, builtins.TypeError
  DivisionUndefined < InvalidOperation, builtins.ZeroDivisionError
  Overflow < Inexact, Rounded
  Underflow < Inexact, Rounded, Subnormal
  @ struct
  error < builtins.Exception
  @ pickle
  PickleError < builtins.Exception
  PicklingError UnpicklingError < PickleError
  @ csv
  Error < builtins.Exception
  @ binascii
  Incomplete < builtins.Exception
  Error < builtins.ValueError
  @ zlib
  error < builtins.Exception
  @ lzma
  LZMAError < builtins.Exception
  @ gzip
  BadGzipFile < builtins.OSError
  @ threading
  BrokenBarrierError < builtins.RuntimeError
  @ tomllib
  TOMLDecodeError < builtins.ValueError
  @ copy
  Error < builtins.Exception
  @ dataclasses
  FrozenInstanceError < builtins.AttributeError
  @ statistics
  StatisticsError < builtins.ValueError
  @ zoneinfo
  InvalidTZPathWarning < builtins.RuntimeWarning
  ZoneInfoNotFoundError < builtins.KeyError
  @ argparse
  ArgumentError ArgumentTypeError < builtins.Exception
  @ re
  error < builtins.Exception
  @ importlib.metadata
  PackageNotFoundError < builtins.ModuleNotFoundError
  @ plistlib
  InvalidFileException < builtins.ValueError
  @ bdb
  BdbQuit < builtins.Exception
  @ concurrent.futures.process
  BrokenProcessPool < concurrent.futures.BrokenExecutor
  @ concurrent.futures.thread
  BrokenThreadPool < concurrent.futures.BrokenExecutor
  @ graphlib
  CycleError < builtins.ValueError
  @ http.cookies
  CookieError < builtins.Exception
  @ http.cookiejar
  LoadError < builtins.OSError
  @ io
  UnsupportedOperation < builtins.OSError, builtins.ValueError
  @ unittest
  SkipTest < builtins.Exception
  @ xmlrpc.client
  Error < builtins.Exception
  Fault ProtocolError ResponseError < Error
  @ ipaddress
  AddressValueError NetmaskValueError < builtins.ValueError
  @ locale
  Error < builtins.Exception
  @ mailbox
  Error < builtins.Exception
  ExternalClashError FormatError NoSuchMailboxError NotEmptyError < Error
  @ netrc
  NetrcParseError < builtins.Exception
  @ optparse
  OptParseError < builtins.Exception
  BadOptionError OptionError OptionValueError < OptParseError
  AmbiguousOptionError < BadOptionError
  OptionConflictError < OptionError
  @ getopt
  GetoptError < builtins.Exception
  @ tokenize
  StopTokenizing TokenError < builtins.Exception
  @ signal
  ItimerError < builtins.OSError
`)
