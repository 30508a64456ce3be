import { readClassTable } from './class-table.ts'

/**
 * The exceptions of the usual backend libraries, as of requests 2.34, httpx 0.28, aiohttp 3.14, SQLAlchemy 2.1, redis 8.1, botocore 1.44,
 * pydantic 2.14, Starlette 1.10, FastAPI 0.165, Werkzeug 3.1, PyJWT 2.15, celery 5.7, kombu 5.7, tenacity 9.2, stripe 16.1, pymongo 4.20 and
 * grpcio 1.85.
 */
export const LIBRARY_EXCEPTIONS = readClassTable(`
  @ urllib3.exceptions
  HTTPError < builtins.Exception
  BodyNotHttplibCompatible DecodeError HeaderParsingError InvalidHeader PoolError ProtocolError ProxyError ResponseError SSLError TimeoutError
    TimeoutStateError UnrewindableBodyError < HTTPError
  HTTPWarning < builtins.Warning
  ProxySchemeUnsupported < builtins.ValueError
  ClosedPoolError EmptyPoolError FullPoolError RequestError < PoolError
  ConnectTimeoutError < TimeoutError
  DependencyWarning SecurityWarning < HTTPWarning
  LocationValueError < builtins.ValueError, HTTPError
  HostChangedError MaxRetryError < RequestError
  IncompleteRead InvalidChunkLength < HTTPError, http.client.IncompleteRead
  InsecurePlatformWarning InsecureRequestWarning NotOpenSSLWarning SystemTimeWarning < SecurityWarning
  LocationParseError URLSchemeUnknown < LocationValueError
  NewConnectionError < ConnectTimeoutError, HTTPError
  ResponseNotChunked < ProtocolError, builtins.ValueError
  NameResolutionError < NewConnectionError
  ReadTimeoutError < TimeoutError, RequestError
  ProxySchemeUnknown < builtins.AssertionError, URLSchemeUnknown
  @ requests
  RequestException < builtins.OSError
  ConnectionError HTTPError Timeout TooManyRedirects URLRequired < RequestException
  RequestsDependencyWarning < requests.exceptions.RequestsWarning
  FileModeWarning < requests.exceptions.RequestsWarning, builtins.DeprecationWarning
  ReadTimeout < Timeout
  ConnectTimeout < ConnectionError, Timeout
  JSONDecodeError < requests.exceptions.InvalidJSONError, json.JSONDecodeError
  @ requests.exceptions
  RequestsWarning < builtins.Warning
  ChunkedEncodingError InvalidJSONError RetryError UnrewindableBodyError < requests.RequestException
  ContentDecodingError < requests.RequestException, urllib3.exceptions.HTTPError
  InvalidHeader InvalidSchema InvalidURL MissingSchema < requests.RequestException, builtins.ValueError
  ProxyError SSLError < requests.ConnectionError
  StreamConsumedError < requests.RequestException, builtins.TypeError
  InvalidProxyURL < InvalidURL
  @ httpx
  CookieConflict HTTPError InvalidURL < builtins.Exception
  HTTPStatusError RequestError < HTTPError
  StreamError < builtins.RuntimeError
  DecodingError TooManyRedirects TransportError < RequestError
  RequestNotRead ResponseNotRead StreamClosed StreamConsumed < StreamError
  NetworkError ProtocolError ProxyError TimeoutException UnsupportedProtocol < TransportError
  CloseError ConnectError ReadError WriteError < NetworkError
  ConnectTimeout PoolTimeout ReadTimeout WriteTimeout < TimeoutException
  LocalProtocolError RemoteProtocolError < ProtocolError
  @ aiohttp
  ClientError EofStream WebSocketError < builtins.Exception
  ClientConnectionError ClientPayloadError ClientResponseError NonHttpUrlClientError RedirectClientError UploadAbortedError < ClientError
  WSMessageTypeError < builtins.TypeError
  BadContentDispositionHeader BadContentDispositionParam < builtins.RuntimeWarning
  ClientHttpProxyError ContentTypeError TooManyRedirects WSServerHandshakeError < ClientResponseError
  InvalidURL < ClientError, builtins.ValueError
  ServerConnectionError < ClientConnectionError
  ClientOSError < ClientConnectionError, builtins.OSError
  InvalidUrlClientError < InvalidURL
  NonHttpUrlRedirectClientError < NonHttpUrlClientError, RedirectClientError
  ServerDisconnectedError ServerFingerprintMismatch < ServerConnectionError
  ClientConnectorError < ClientOSError
  ClientConnectionResetError < ClientConnectionError, builtins.ConnectionResetError
  ClientConnectorDNSError ClientProxyConnectionError ClientSSLError < ClientConnectorError
  InvalidUrlRedirectClientError < InvalidUrlClientError, RedirectClientError
  ServerTimeoutError < ServerConnectionError, builtins.TimeoutError
  ConnectionTimeoutError SocketTimeoutError < ServerTimeoutError
  ClientConnectorSSLError < ClientSSLError, ssl.SSLError
  ClientConnectorCertificateError < ClientSSLError, ssl.SSLCertVerificationError
  @ aiohttp.web
  GracefulExit < builtins.SystemExit
  HTTPException PayloadAccessError RequestPayloadError < builtins.Exception
  CleanupError < builtins.RuntimeError
  NotAppKeyWarning < builtins.UserWarning
  HTTPError HTTPRedirection HTTPSuccessful < HTTPException
  HTTPAccepted HTTPCreated HTTPNoContent HTTPNonAuthoritativeInformation HTTPOk HTTPPartialContent HTTPResetContent < HTTPSuccessful
  HTTPClientError HTTPServerError < HTTPError
  HTTPMove HTTPNotModified < HTTPRedirection
  HTTPBadGateway HTTPGatewayTimeout HTTPInsufficientStorage HTTPInternalServerError HTTPNetworkAuthenticationRequired HTTPNotExtended
    HTTPNotImplemented HTTPServiceUnavailable HTTPVariantAlsoNegotiates HTTPVersionNotSupported < HTTPServerError
  HTTPBadRequest HTTPConflict HTTPExpectationFailed HTTPFailedDependency HTTPForbidden HTTPGone HTTPLengthRequired HTTPMethodNotAllowed
    HTTPMisdirectedRequest HTTPNotAcceptable HTTPNotFound HTTPPaymentRequired HTTPPreconditionFailed HTTPPreconditionRequired
    HTTPProxyAuthenticationRequired HTTPRequestEntityTooLarge HTTPRequestHeaderFieldsTooLarge HTTPRequestRangeNotSatisfiable HTTPRequestTimeout
    HTTPRequestURITooLong HTTPTooManyRequests HTTPUnauthorized HTTPUnavailableForLegalReasons HTTPUnprocessableEntity HTTPUnsupportedMediaType
    HTTPUpgradeRequired < HTTPClientError
  HTTPFound HTTPMovedPermanently HTTPMultipleChoices HTTPPermanentRedirect HTTPSeeOther HTTPTemporaryRedirect HTTPUseProxy < HTTPMove
  @ sqlalchemy.exc
  EmulatedDBAPIException SQLAlchemyError < builtins.Exception
  SATestSuiteWarning < builtins.Warning
  ArgumentError CircularDependencyError CompileError DisconnectionError IdentifierError InvalidRequestError StatementError TimeoutError
    < SQLAlchemyError
  SAPendingDeprecationWarning < builtins.PendingDeprecationWarning
  AmbiguousColumnError AwaitRequired IllegalStateChangeError MissingGreenlet MultipleResultsFound NoDBAPILoaded NoInspectionAvailable
    NoReferenceError NoResultFound NoSuchTableError PendingRollbackError ResourceClosedError UnboundExecutionError UnreflectableTableError
    < InvalidRequestError
  AmbiguousForeignKeysError ConstraintColumnNotFoundError DuplicateColumnError NoForeignKeysError NoSuchModuleError ObjectNotExecutableError
    < ArgumentError
  DBAPIError < StatementError
  InvalidatePoolError < DisconnectionError
  SADeprecationWarning < builtins.DeprecationWarning
  SAWarning < builtins.RuntimeWarning
  UnsupportedCompilationError < CompileError
  Base20DeprecationWarning < SADeprecationWarning
  DatabaseError InterfaceError < DBAPIError
  NoReferencedColumnError NoReferencedTableError < NoReferenceError
  DataError IntegrityError InternalError NotSupportedError OperationalError ProgrammingError < DatabaseError
  LegacyAPIWarning MovedIn20Warning < Base20DeprecationWarning
  NoSuchColumnError < InvalidRequestError, builtins.KeyError
  @ sqlalchemy.orm.exc
  DetachedInstanceError FlushError ObjectDereferencedError StaleDataError < sqlalchemy.exc.SQLAlchemyError
  LoaderStrategyException ObjectDeletedError UnmappedColumnError UnmappedError < sqlalchemy.exc.InvalidRequestError
  MappedAnnotationError < sqlalchemy.exc.ArgumentError
  UnmappedClassError UnmappedInstanceError < UnmappedError
  @ redis.exceptions
  ChildDeadlockedError IncorrectPolicyType RedisClusterException RedisError < builtins.Exception
  ClusterError ConnectionError DataError InvalidResponse PubSubError ResponseError TimeoutError WatchError < RedisError
  CrossSlotTransactionError InvalidPipelineStack SlotNotCoveredError < RedisClusterException
  AskError AuthenticationWrongNumberOfArgsError ClusterCrossSlotError ExecAbortError ModuleError NoPermissionError NoScriptError
    NoSuchFieldsetError OutOfMemoryError ReadOnlyError TryAgainError < ResponseError
  AuthenticationError AuthorizationError BusyLoadingError ExternalAuthProviderError MaxConnectionsError < ConnectionError
  LockError < RedisError, builtins.ValueError
  ClusterDownError < ClusterError, ResponseError
  LockNotOwnedError < LockError
  MovedError < AskError
  MasterDownError < ClusterDownError
  @ botocore.exceptions
  BotoCoreError ClientError UndefinedModelAttributeError < builtins.Exception
  ApiVersionNotFoundError AwsChunkedWrapperError BaseEndpointResolverError CapacityNotAvailableError ChecksumError ConfigNotFound
    ConfigParseError ConnectionError CredentialRetrievalError DataNotFoundError EndpointProviderError FlexibleChecksumError HTTPClientError
    IncompleteReadError InvalidChecksumConfigError InvalidConfigError InvalidDNSNameError InvalidDefaultsMode InvalidEndpointConfigurationError
    InvalidEndpointDiscoveryConfigurationError InvalidExpressionError InvalidHostLabelError InvalidIMDSEndpointError
    InvalidIMDSEndpointModeError InvalidProxiesConfigError InvalidRetryConfigurationError InvalidS3AddressingStyleError
    InvalidS3UsEast1RegionalEndpointConfigError InvalidSTSRegionalEndpointsConfigError LoginError MD5UnavailableError MetadataRetrievalError
    MissingDependencyException MissingParametersError NoAuthTokenError NoCredentialsError OperationNotPageableError PaginationError
    ParamValidationError PartialCredentialsError ProfileNotFound RefreshWithMFAUnsupportedError SSOError ServiceNotInRegionError
    StubResponseError TokenRetrievalError UnknownClientMethodError UnknownCredentialError UnknownRegionError UnknownServiceStyle
    UnknownSignatureVersionError UnknownTokenProviderError UnseekableStreamError UnsupportedOutpostResourceError
    UnsupportedS3AccesspointConfigurationError UnsupportedS3ArnError UnsupportedS3ConfigurationError UnsupportedS3ControlArnError
    UnsupportedS3ControlConfigurationError UnsupportedServiceProtocolsError UnsupportedSignatureVersionError ValidationError WaiterConfigError
    WaiterError < BotoCoreError
  EventStreamError < ClientError
  ImminentRemovalWarning UnsupportedTLSVersionWarning < builtins.Warning
  MissingServiceIdError < UndefinedModelAttributeError
  AliasConflictParameterError RangeError UnknownKeyError UnknownParameterError < ValidationError
  ConnectionClosedError ResponseStreamingError < HTTPClientError
  EndpointConnectionError < ConnectionError
  EndpointResolutionError UnknownEndpointResolutionBuiltInName < EndpointProviderError
  EndpointVariantError NoRegionError UnknownFIPSEndpointError < BaseEndpointResolverError
  InfiniteLoopConfigError < InvalidConfigError
  InvalidMaxRetryAttemptsError InvalidRetryModeError < InvalidRetryConfigurationError
  LoginAuthorizationCodeError LoginInsufficientPermissions LoginRefreshRequired LoginTokenLoadError < LoginError
  SSOTokenLoadError UnauthorizedSSOTokenError < SSOError
  UnStubbedResponseError < StubResponseError
  UnknownServiceError < DataNotFoundError
  InvalidRegionError < ValidationError, builtins.ValueError
  StubAssertionError < StubResponseError, builtins.AssertionError
  UnknownEndpointError < BaseEndpointResolverError, builtins.ValueError
  ConnectTimeoutError ProxyConnectionError SSLError < ConnectionError, builtins.OSError
  ReadTimeoutError < HTTPClientError, builtins.OSError
  @ boto3.exceptions
  Boto3Error < builtins.Exception
  DynamoDBNeedsConditionError DynamoDBNeedsKeyConditionError DynamoDBOperationNotSupportedError InvalidCrtTransferConfigError NoVersionFound
    ResourceLoadException RetriesExceededError S3TransferFailedError S3UploadFailedError < Boto3Error
  PythonDeprecationWarning < builtins.Warning
  ResourceNotExistsError UnknownAPIVersionError < Boto3Error, botocore.exceptions.DataNotFoundError
  @ pydantic
  ValidationError < builtins.ValueError
  PydanticExperimentalWarning < builtins.Warning
  PydanticDeprecationWarning < builtins.DeprecationWarning
  PydanticImportError < builtins.ImportError
  PydanticUndefinedAnnotation < builtins.NameError
  PydanticUserError < builtins.RuntimeError
  PydanticDeprecatedSince20 PydanticDeprecatedSince210 PydanticDeprecatedSince211 PydanticDeprecatedSince212 PydanticDeprecatedSince214
    PydanticDeprecatedSince26 PydanticDeprecatedSince29 < PydanticDeprecationWarning
  PydanticForbiddenQualifier PydanticInvalidForJsonSchema PydanticSchemaGenerationError < PydanticUserError
  @ pydantic_core
  PydanticOmit PydanticUseDefault SchemaError < builtins.Exception
  PydanticCustomError PydanticKnownError PydanticSerializationError PydanticSerializationUnexpectedValue < builtins.ValueError
  @ starlette.exceptions
  HTTPException WebSocketException < builtins.Exception
  StarletteDeprecationWarning < builtins.UserWarning
  @ starlette.websockets
  WebSocketDisconnect < builtins.Exception
  WebSocketDisconnected < builtins.RuntimeError
  @ starlette.requests
  ClientDisconnect < builtins.Exception
  @ fastapi
  HTTPException < starlette.exceptions.HTTPException
  WebSocketException < starlette.exceptions.WebSocketException
  @ fastapi.exceptions
  ValidationException < builtins.Exception
  FastAPIError < builtins.RuntimeError
  RequestValidationError ResponseValidationError WebSocketRequestValidationError < ValidationException
  DependencyScopeError PydanticV1NotSupportedError < FastAPIError
  FastAPIDeprecationWarning < builtins.UserWarning
  @ werkzeug.exceptions
  HTTPException < builtins.Exception
  BadGateway BadRequest Conflict ExpectationFailed FailedDependency Forbidden GatewayTimeout Gone HTTPVersionNotSupported ImATeapot
    InternalServerError LengthRequired Locked MethodNotAllowed MisdirectedRequest NotAcceptable NotFound NotImplemented PreconditionFailed
    PreconditionRequired RequestEntityTooLarge RequestHeaderFieldsTooLarge RequestTimeout RequestURITooLarge RequestedRangeNotSatisfiable
    ServiceUnavailable TooManyRequests Unauthorized UnavailableForLegalReasons UnprocessableEntity UnsupportedMediaType < HTTPException
  BadHost ClientDisconnected SecurityError < BadRequest
  BadRequestKeyError < BadRequest, builtins.KeyError
  @ werkzeug.routing
  NoMatch RoutingException < builtins.Exception
  RequestAliasRedirect RequestPath < RoutingException
  ValidationError < builtins.ValueError
  BuildError < RoutingException, builtins.LookupError
  RequestRedirect < werkzeug.exceptions.HTTPException, RoutingException
  WebsocketMismatch < werkzeug.exceptions.BadRequest
  @ jwt
  PyJWTError < builtins.Exception
  InvalidKeyError InvalidTokenError PyJWKClientError PyJWKError PyJWKSetError < PyJWTError
  DecodeError ExpiredSignatureError ImmatureSignatureError InvalidAlgorithmError InvalidAudienceError InvalidIssuedAtError InvalidIssuerError
    InvalidJTIError InvalidSubjectError MissingRequiredClaimError < InvalidTokenError
  InsecureKeyLengthWarning < builtins.UserWarning
  MissingCryptographyError < PyJWKError
  PyJWKClientConnectionError < PyJWKClientError
  InvalidSignatureError < DecodeError
  @ celery.exceptions
  SoftTimeLimitExceeded Terminated TimeLimitExceeded WorkerLostError < builtins.Exception
  BackendError CeleryCommandException CeleryError < builtins.Exception
  WorkerShutdown WorkerTerminate < builtins.SystemExit
  BackendGetMetaError BackendStoreError < BackendError
  ImproperlyConfigured SecurityError TaskError TaskPredicate < CeleryError
  AlreadyRegistered ChordError IncompleteStream InvalidTaskError MaxRetriesExceededError TaskRevokedError TimeoutError < TaskError
  CDeprecationWarning < builtins.DeprecationWarning
  CPendingDeprecationWarning < builtins.PendingDeprecationWarning
  CeleryWarning < builtins.UserWarning
  Ignore Reject Retry < TaskPredicate
  AlwaysEagerIgnored DuplicateNodenameWarning DuplicateTaskNameWarning FixupWarning NotConfigured SecurityWarning < CeleryWarning
  NotRegistered QueueNotFound < builtins.KeyError, TaskError
  @ kombu.exceptions
  HttpError KombuError < builtins.Exception
  BatchPublishError LimitExceeded MessageStateError NotBoundError OperationalError SerializationError SerializerNotInstalled VersionMismatch
    < KombuError
  ChannelLimitExceeded ConnectionLimitExceeded < LimitExceeded
  ContentDisallowed < SerializerNotInstalled
  DecodeError EncodeError < SerializationError
  InconsistencyError < amqp.exceptions.ConnectionError
  @ amqp.exceptions
  AMQPError MessageNacked < builtins.Exception
  ChannelError ConnectionError < AMQPError
  AMQPDeprecationWarning < builtins.UserWarning
  IrrecoverableChannelError RecoverableChannelError < ChannelError
  IrrecoverableConnectionError RecoverableConnectionError < ConnectionError
  AMQPNotImplementedError ChannelNotOpen FrameError FrameSyntaxError InternalError InvalidCommand InvalidPath NotAllowed UnexpectedFrame
    < IrrecoverableConnectionError
  AccessRefused NotFound PreconditionFailed < IrrecoverableChannelError
  Blocked ConnectionForced ConsumerCancelled ResourceError < RecoverableConnectionError
  ContentTooLarge NoConsumers ResourceLocked < RecoverableChannelError
  @ tenacity
  RetryError TryAgain < builtins.Exception
  @ stripe
  StripeError < builtins.Exception
  APIConnectionError APIError AlreadyCanceledError AuthenticationError BlockedByStripeError CannotProceedError CapabilityNotEnabledError
    ControlledByAlternateResourceError FeatureNotEnabledError FinancialAccountNotOpenError FxQuoteNeedsRefreshError IdempotencyError
    InsufficientFundsError InvalidPaymentMethodError InvalidPayoutMethodError InvalidVaultedCredentialError NotCancelableError PermissionError
    QuotaExceededError RateLimitError RecipientNotNotifiableError SignatureVerificationError StripeErrorWithParamCode
    TemporarySessionExpiredError VerificationAttemptFailedError VerificationExpiredError VerificationNotInitiatedError < StripeError
  CardError InvalidRequestError < StripeErrorWithParamCode
  @ pymongo.errors
  PyMongoError < builtins.Exception
  CollectionInvalid ConfigurationError ConnectionFailure EncryptionError InvalidName InvalidOperation OperationFailure ProtocolError
    < PyMongoError
  AutoReconnect WaitQueueTimeoutError < ConnectionFailure
  BulkWriteError ClientBulkWriteException CursorNotFound ExecutionTimeout WriteConcernError WriteError < OperationFailure
  DocumentTooLarge < bson.errors.InvalidDocument
  EncryptedCollectionError < EncryptionError
  InvalidURI < ConfigurationError
  DuplicateKeyError < WriteError
  NetworkTimeout NotPrimaryError ServerSelectionTimeoutError < AutoReconnect
  WTimeoutError < WriteConcernError
  @ bson.errors
  BSONError < builtins.Exception
  InvalidBSON InvalidDocument InvalidId InvalidStringData < BSONError
  @ grpc
  FutureCancelledError FutureTimeoutError RpcError < builtins.Exception
  @ grpc.aio
  BaseError < builtins.Exception
  AbortError InternalError UsageError < BaseError
  AioRpcError < grpc.RpcError
  @ starlette.formparsers
  MultiPartException < builtins.Exception
  @ simplejson
  JSONDecodeError < builtins.ValueError
  @ orjson
  JSONDecodeError < json.JSONDecodeError
  JSONEncodeError < builtins.TypeError
`)
