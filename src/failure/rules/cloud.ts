import type { RuleTable } from './rule.ts';

/** aws, gcloud, az, gh, and the APIs below them, which terraform reports as well. */
export const CLOUD: RuleTable = {
  tool: 'aws, gcloud, az and gh',
  seen: /\b(?:aws|gcloud|gsutil|bq|az|azure|gh|github|eksctl|sam|cdk|terraform|tofu|pulumi|serverless|sls|arn:|googleapi|doctl|heroku|fly(?:ctl)?|vercel|netlify|wrangler|firebase|s3|ecs|lambda|amazonaws|vault)\b/i,
  rules: [
    {
      id: 'cloud-rate-limit',
      category: 'transient:rate-limit',
      lines: [
        /\b(?:API|secondary|request) rate limit\b.{0,60}\bexceeded\b|\bexceeded a secondary rate limit\b|\babuse detection mechanism\b/i,
        /\b(?:RequestLimitExceeded|ThrottlingException|ThrottledException|Throttling|TooManyRequestsException|TooManyRequests|SlowDown|RateLimitExceeded|rateLimitExceeded|userRateLimitExceeded|ProvisionedThroughputExceededException)\b|\bRate exceeded\b/,
        /\bquota\b.{0,80}\bexceeded\b.{0,200}\bper (?:minute|second|hour|day)\b|\bRESOURCE_EXHAUSTED\b.{0,200}\bper (?:minute|second)\b/i,
      ],
      fix: 'The provider limits how often its API is asked. Wait; if it comes back, run fewer jobs at once.',
      run: ['gh api rate_limit'],
    },
    {
      id: 'cloud-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\b(?:ExpiredToken(?:Exception)?|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure|InvalidSignatureException|IncompleteSignature|RequestExpired|RequestTimeTooSkewed|InvalidIdentityToken|MissingAuthenticationToken(?:Exception)?|ExpiredTokenException)\b/,
        /\bsecurity token included in the request is (?:expired|invalid)\b|\bUnable to locate credentials\b|\bconfig profile \(.{1,80}\) could not be found\b|\bSSO session .{0,80}(?:expired|invalid)|\bError (?:loading SSO Token|when retrieving (?:credentials|token))|\bPartial credentials found\b|\bCredentials could not be loaded\b|\bno identity-based credentials\b/i,
        /\bNot authorized to perform sts:AssumeRole/i,
        /\b(?:Please run 'az login'|AADSTS\d{4,7}|az login\b.{0,40}to setup account|Interactive authentication is needed|No subscription found|subscription .{0,60}doesn't exist in cloud|refresh token has expired)/i,
        /\b(?:You do not currently have an active account|There was a problem refreshing your current auth tokens|does not have any valid credentials|Reauthentication (?:failed|required)|gcloud auth login|application default credentials|invalid_grant|Could not load the default credentials)\b/i,
        /\b(?:gh auth login|Bad credentials|set the GH_TOKEN environment variable|GH_TOKEN|authentication token .{0,60}(?:invalid|missing))\b/,
        /\b(?:Not logged in|You are not (?:logged in|authenticated)|Authentication (?:required|failed|error)|not authenticated|Invalid (?:API )?(?:key|token|credentials)|Login required|no access token available|Unable to authenticate|401 Unauthorized|Unauthenticated|UNAUTHENTICATED)\b/i,
        /\bpermission denied\b.{0,40}\bCode: 403\b|\binvalid (?:role or secret|token)\b/i,
      ],
      fix: 'The provider does not know who we are: no credentials in this step, or expired ones. Log in again in a step with checkpoint: false.',
      run: ['aws sts get-caller-identity', 'gcloud auth list', 'az account show', 'gh auth status'],
    },
    {
      id: 'cloud-quota',
      category: 'recoverable:resource',
      lines: [
        /\b(?:ServiceQuotaExceededException|LimitExceeded(?:Exception|Fault)?|\w{1,40}LimitExceeded|QuotaExceeded(?:Error|Exception)?|\w{1,40}QuotaExceeded(?:Fault)?|InsufficientInstanceCapacity|InsufficientCapacity\w*|ZONE_RESOURCE_POOL_EXHAUSTED|SkuNotAvailable|OverconstrainedAllocationRequest|StorageFull|AllocationFailed)\b(?<!RequestLimitExceeded|RateLimitExceeded|userRateLimitExceeded)/,
        /\bQuota '[^']{1,120}' exceeded\b|\bquota (?:limit )?(?:has been |was )?exceeded\b(?!.{0,200}\bper (?:minute|second))|\bexceed(?:ed|s|ing) .{0,60}\bquota\b|\bexceeds? (?:the )?(?:approved|maximum|account) .{0,40}(?:quota|limit)\b|\bwould exceed .{0,60}limit\b/i,
        /\bunable to place a task because no container instance met all of its requirements\b|\bRESOURCE:(?:CPU|MEMORY)\b/,
      ],
      fix: 'A quota or the capacity of the account is used up. Ask for more, or free something.',
    },
    {
      id: 'cloud-in-progress',
      category: 'transient:lock',
      lines: [
        /\bis in (?:CREATE|UPDATE|DELETE|ROLLBACK|UPDATE_ROLLBACK|UPDATE_COMPLETE_CLEANUP|REVIEW|IMPORT)(?:_CLEANUP)?_IN_PROGRESS state and can not be updated\b/,
        /\bAnotherOperationInProgress\b|\bAnother (?:operation|deployment|update|request) .{0,80}(?:in progress|is (?:already )?running|ongoing)/i,
        /\boperation .{0,120} is (?:already |currently )?in progress\b|\bOperationInProgress\b|\bdeployment is currently in progress\b|\bconcurrent update operation\b/i,
        /\bstack .{0,80}is being (?:updated|modified)\b|\b\w+InProgressException\b/,
      ],
      fix: 'The provider works on another change of the same thing. Wait for it.',
    },
    {
      id: 'cloud-conflict',
      category: 'transient:conflict',
      lines: [
        /\b(?:ConcurrentModificationException|ConcurrentUpdateException|OptimisticLock\w*|ResourceConflictException|OperationAborted|OperationConflictException|PreconditionFailed|PriorRequestNotComplete|TransactionCanceledException|TransactionConflictException)\b/,
        /\bThe operation cannot be performed at this time\b|\bA conflicting conditional operation is currently in progress\b/i,
        /\bthere were concurrent policy changes\b|\betag .{0,60}(?:mismatch|does not match|conflict)/i,
        /\bcode = Aborted\b|\bstatus: ABORTED\b|\b409:? .{0,40}concurrent/i,
      ],
      fix: 'Two changes met. Repeating usually helps; if it goes on, find out who else deploys.',
    },
    {
      id: 'cloud-permission',
      category: 'recoverable:permission',
      lines: [
        /\bAccessDenied(?:Exception|Fault)?\b|\bUnauthorizedOperation\b|\bUnauthorizedException\b|\b(?:is|are) not authorized to perform\b|\bAuthorizationFailed\b|\bLinkedAuthorizationFailed\b|\bAuthorizationError(?:Exception)?\b|\bexplicit deny\b/,
        /\bPERMISSION_DENIED\b|\bdoes not have (?:permission|authorization|\S{1,80} (?:access|permission))\b|\bPermission '[^']{1,120}' denied\b|\bcaller does not have permission\b|\bRequired '[^']{1,120}' permission\b|\bIAM_PERMISSION_DENIED\b/,
        /\bResource not accessible by (?:integration|personal access token)\b|\bMust have admin rights\b|\bHTTP 403\b|\bInsufficient (?:privileges|permissions?|scopes?)\b|\bmissing required scopes\b|\bneeds the "?[\w:]{1,40}"? scope\b|\bSAML enforcement\b/i,
      ],
      fix: 'The account is known and may not do this. Give its role the named action, and nothing more.',
      run: ['aws sts get-caller-identity', 'gh auth status'],
    },
    {
      id: 'cloud-wait',
      category: 'critical:health',
      strength: 'decisive',
      lines: [
        /\bWaiter \S{1,80} failed: (?:Max attempts exceeded|Waiter encountered a terminal failure)/,
        /\bis not ready and cannot serve traffic\b|\bfailed to start and (?:then )?listen on the port\b/,
        /\btarget(?:s| group)? .{0,80}(?:unhealthy|health checks? failed)|\bfailed (?:ELB|container|load balancer) health checks?\b|\bUnhealthyHost|\bhealth checks? (?:are |is |has |have )?(?:failed|failing)\b/i,
        /\bdeployment circuit breaker\b|\btasks? failed to start\b|\bEssential container in task exited\b|\bservice .{0,60}did not (?:stabilize|reach a steady state)|\bResourceNotReady: (?:exceeded wait attempts|failed waiting)/i,
        /\bECS Deployment .{0,60}failed|\bDeployment (?:d-\w+ )?(?:failed|was rolled back|has been stopped)\b|\bToo many individual instances failed deployment\b|\bThe overall deployment failed\b/i,
        /\bsmoke checks? failed\b|\bfailed to (?:become|get) healthy\b|\bmachine .{0,60}(?:not healthy|failed to reach desired|exited with non-zero)|\bRelease command failed\b|\bAt least one of the containers? .{0,60}(?:crashed|failed)/i,
        /\bContainer called exit\b|\bsite (?:failed to start|unavailable)\b|\bDeployment Failed\b.{0,120}(?:warm ?up|start)/i,
      ],
      fix: 'The provider took the release, but it does not become healthy. Its events and the log of the new instances say why.',
    },
    {
      id: 'cloud-stack-failed',
      category: 'critical:service',
      lines: [
        /\bFailed to create\/update the stack\b|\bFailed to create the changeset\b.{0,200}(?<!No updates)\bFAILED\b|\b(?:CREATE|UPDATE)_FAILED\b|\bUPDATE_ROLLBACK_(?:COMPLETE|FAILED)\b(?!.{0,40}can not be updated)|\bThe following resource\(s\) failed to (?:create|update)\b/,
        /\bDeploymentFailed\b|\bAt least one resource deployment operation failed\b/,
      ],
      fix: 'The stack was rolled back or stands half-way. The first failed resource in its events is the cause.',
      run: ['aws cloudformation describe-stack-events --stack-name {name}'],
    },
    {
      id: 'cloud-service',
      category: 'transient:service',
      lines: [
        /\b(?:ServiceUnavailable(?:Exception)?|ServiceException|InternalServerError(?:Exception)?|InternalFailure|InternalServiceError|InternalError|ServiceFailure\w*|SERVICE_UNAVAILABLE|ServerTimeout\w*)\b/,
        /\bHTTP 50[0234]\b|\bstatus: UNAVAILABLE\b|\bWe encountered an internal error\. Please try again\b|\bbackendError\b|\bSomething went wrong while executing your query\b/i,
        /\bAn internal error (?:has )?occurred\b.{0,60}(?:try again|retry)/i,
      ],
      fix: 'The provider has trouble. If it goes on, look at its status page.',
    },
    {
      id: 'cloud-endpoint',
      category: 'transient:network',
      lines: [
        /\bCould not connect to the endpoint URL: "https?:\/\/(?<host>[\w.-]{1,253})/,
        /\bConnection was closed before we received a valid response from endpoint URL\b/,
        /\berror connecting to (?<host>[\w.-]{1,253})\b/i,
      ],
      own: 'critical:health',
      fix: 'The endpoint of the provider cannot be reached. If it goes on, check region, network and proxy.',
      run: ['getent hosts {host}'],
    },
    {
      id: 'cloud-not-found',
      category: 'recoverable:dependency',
      lines: [
        /\b(?:\w{1,40}NotFound(?:Exception|Fault|Error)?|NoSuch(?:Bucket|Key|Entity|Upload|HostedZone|\w{1,30})|ResourceGroupNotFound|\w{1,40}DoesNotExist|NotFoundException)\b/,
        /\bNOT_FOUND\b|\bHTTP 404\b|\b(?:An error occurred \(404\))|\bCould not resolve to (?:a|an) \w+/,
        /\b(?:stack|function|cluster|service|bucket|image|secret|parameter|role|topic|queue|repository|release|workflow|project|app|application|environment|resource|module|tag|version|model) .{0,120}\b(?:does not exist|was not found|not found|cannot be found|could not be found)\b/i,
        /\b(?:no (?:release|workflow|artifact|run|asset)s? (?:found|matches?)|release not found|could not find any (?:workflows?|artifacts?))\b/i,
        /\bThe user-provided path (?<path>\S{1,300}) does not exist\b/,
      ],
      fix: 'What the call names is not there. Check name, region, account and the step that should have made it.',
    },
    {
      id: 'cloud-request',
      category: 'recoverable:configuration',
      lines: [
        /\b(?:Validation(?:Exception|Error)|InvalidParameter\w*|InvalidInput\w*|InvalidRequest\w*|InvalidArgument\w*|MalformedPolicyDocument|ParamValidation|Parameter validation failed|ClientException|InvalidTemplate\w*|MissingParameter|UnsupportedOperation|BadRequest(?:Exception)?|InvalidTaskDefinition\w*)\b/,
        /\bINVALID_ARGUMENT\b|\bFAILED_PRECONDITION\b|\bHTTP 422\b|\bValidation Failed\b|\balready_exists\b|\bAlreadyExists(?:Exception)?\b|\b\w{1,40}AlreadyExists(?:Exception)?\b|\bALREADY_EXISTS\b/,
        /\bROLLBACK_COMPLETE state and can not be updated\b|\bNo updates are to be performed\b|\bDELETE_FAILED state and can not be updated\b/,
        /\b(?:You must specify a region|Unknown options:|argument .{0,60}(?:Invalid choice|is required)|the following arguments are required|Invalid choice|unrecognized arguments?|Invalid template|is not a recognized (?:command|flag)|\S{1,40} is misspelled|unknown flag)/i,
        /\bThe required property \[\w+\] is not currently set\b|\bAPI \[[\w.]+\] not enabled\b|\bSERVICE_DISABLED\b|\bhas not been used in project\b|\bexpected one argument\b/i,
      ],
      fix: 'The provider does not accept the request as it is. Check the names and values of the call.',
    },
  ],
};
