export const API_KEYS =
  'query ApiKeys($tenantId: ID) { apiKeys(tenantId: $tenantId) { ...ApiKey } } fragment ApiKey on ApiKey { id scope tenant { ...TenantName } name createdAt revokedAt expiresAt lastUsedAt } fragment TenantName on Tenant { id name }'
export const CREATE_API_KEY =
  'mutation CreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { ...CreatedApiKey } } fragment ApiKey on ApiKey { id scope tenant { ...TenantName } name createdAt revokedAt expiresAt lastUsedAt } fragment CreatedApiKey on CreatedApiKey { apiKey { ...ApiKey } key } fragment TenantName on Tenant { id name }'
export const ROTATE_API_KEY =
  'mutation RotateApiKey($id: ID!, $overlapSeconds: Int) { rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) { ...CreatedApiKey } } fragment ApiKey on ApiKey { id scope tenant { ...TenantName } name createdAt revokedAt expiresAt lastUsedAt } fragment CreatedApiKey on CreatedApiKey { apiKey { ...ApiKey } key } fragment TenantName on Tenant { id name }'
export const REVOKE_API_KEY =
  'mutation RevokeApiKey($id: ID!) { revokeApiKey(id: $id) }'
export const VIEWER =
  'query Viewer { viewer { ...Viewer } } fragment TenantName on Tenant { id name } fragment Viewer on Viewer { apiKeyId scope tenant { ...TenantName } }'
export const EVENTS =
  'query Events($first: Int! = 50, $after: String, $tenantId: ID, $types: [EventType!], $identityId: ID) { events( first: $first after: $after tenantId: $tenantId types: $types identityId: $identityId ) { nodes { ...EmailauthEvent } pageInfo { ...PageEnd } } } fragment Actor on Actor { kind id } fragment EmailauthEvent on Event { cursor at type tenantId identityId email target actor { ...Actor } } fragment PageEnd on PageInfo { hasNextPage endCursor }'
export const FOLLOW_EVENTS =
  'subscription FollowEvents($after: String, $tenantId: ID, $types: [EventType!]) { events(after: $after, tenantId: $tenantId, types: $types) { ...EmailauthEvent } } fragment Actor on Actor { kind id } fragment EmailauthEvent on Event { cursor at type tenantId identityId email target actor { ...Actor } }'
export const IDENTITIES =
  'query Identities($first: Int! = 50, $after: String, $filter: IdentityFilter) { identities(first: $first, after: $after, filter: $filter) { ...IdentityPage } } fragment Delivery on Delivery { state attempts reason updatedAt nextAttemptAt } fragment Identity on Identity { id tenant { ...TenantName } email createdAt expiresAt delivery { ...Delivery } } fragment IdentityPage on IdentityConnection { nodes { ...Identity } pageInfo { ...PageEnd } totalCount } fragment PageEnd on PageInfo { hasNextPage endCursor } fragment TenantName on Tenant { id name }'
export const IDENTITY =
  'query Identity($id: ID!) { identity(id: $id) { ...Identity } } fragment Delivery on Delivery { state attempts reason updatedAt nextAttemptAt } fragment Identity on Identity { id tenant { ...TenantName } email createdAt expiresAt delivery { ...Delivery } } fragment TenantName on Tenant { id name }'
export const REVOKE_IDENTITY =
  'mutation RevokeIdentity($id: ID!) { revokeIdentity(id: $id) }'
export const MESSAGES =
  'query Messages($tenantId: ID!, $state: MessageState!, $first: Int! = 50, $after: String) { messages(tenantId: $tenantId, state: $state, first: $first, after: $after) { nodes { ...Message } pageInfo { ...PageEnd } } } fragment Message on Message { messageId identityId state attempts updatedAt nextAttemptAt reply } fragment PageEnd on PageInfo { hasNextPage endCursor }'
export const MESSAGE_COUNTS =
  'query MessageCounts($tenantId: ID!) { messageCounts(tenantId: $tenantId) { ...MessageCount } } fragment MessageCount on MessageCount { state count }'
export const SUPPRESSIONS =
  'query Suppressions($tenantId: ID!, $first: Int! = 50, $after: String) { suppressions(tenantId: $tenantId, first: $first, after: $after) { nodes { ...Suppression } pageInfo { ...PageEnd } } } fragment PageEnd on PageInfo { hasNextPage endCursor } fragment Suppression on Suppression { email reason suppressedAt }'
export const CLEAR_SUPPRESSION =
  'mutation ClearSuppression($tenantId: ID!, $email: String!) { clearSuppression(tenantId: $tenantId, email: $email) }'
export const MAIL_PREVIEW =
  'query MailPreview($tenantId: ID!, $locale: String) { mailPreview(tenantId: $tenantId, locale: $locale) { ...MailPreview } } fragment MailPreview on MailPreview { subject html text }'
export const SEND_TEST_MAIL =
  'mutation SendTestMail($tenantId: ID!, $email: String!, $locale: String) { sendTestMail(tenantId: $tenantId, email: $email, locale: $locale) { __typename ...TestMail ...RateLimited } } fragment RateLimited on RateLimited { __typename code message limit retryAfterSeconds } fragment TestMail on TestMail { __typename outcome reply }'
export const REGISTER =
  'mutation Register($input: RegisterInput!) { register(input: $input) { __typename ...Registered ...EmailRejected ...RateLimited } } fragment EmailRejected on EmailRejected { __typename code message } fragment RateLimited on RateLimited { __typename code message limit retryAfterSeconds } fragment Registered on Registered { __typename identityId email expiresAt delivery replaced }'
export const RESEND =
  'mutation Resend($input: ResendInput!) { resend(input: $input) { __typename ...Registered ...EmailRejected ...RateLimited ...IdentityNotFound } } fragment EmailRejected on EmailRejected { __typename code message } fragment IdentityNotFound on IdentityNotFound { __typename code message } fragment RateLimited on RateLimited { __typename code message limit retryAfterSeconds } fragment Registered on Registered { __typename identityId email expiresAt delivery replaced }'
export const SESSIONS =
  'query Sessions { sessions { ...Session } } fragment Session on Session { id email createdAt expiresAt idleExpiresAt }'
export const REVOKE_SESSION =
  'mutation RevokeSession($id: ID!) { revokeSession(id: $id) }'
export const STATISTICS =
  'query Statistics($from: DateTime!, $to: DateTime, $step: StatisticsStep! = HOUR, $tenantId: ID) { statistics(from: $from, to: $to, step: $step, tenantId: $tenantId) { ...Statistics } } fragment Count on Count { of count } fragment Statistics on Statistics { waitBoundsSeconds buckets { ...StatisticsBucket } } fragment StatisticsBucket on StatisticsBucket { from counts { ...Count } waits }'
export const TENANTS =
  'query Tenants { tenants { ...Tenant } } fragment Rate on Rate { max windowSeconds } fragment Tenant on Tenant { id name createdAt status settings { ...TenantSettings } } fragment TenantMail on TenantMail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject texts { ...TenantMailText } } fragment TenantMailText on TenantMailText { language subject heading intro footer } fragment TenantRisk on TenantRisk { chance per digits arithmetic } fragment TenantSettings on TenantSettings { verification ttlSeconds locale mailsPerAddress { ...Rate } registersPerClientIp { ...Rate } registersPerTenant { ...Rate } missesPerClientIp { ...Rate } missBudgetPerHour boundDigits boundTries acceptedRisk risk { ...TenantRisk } mail { ...TenantMail } }'
export const CREATE_TENANT =
  'mutation CreateTenant($input: CreateTenantInput!) { createTenant(input: $input) { ...Tenant } } fragment Rate on Rate { max windowSeconds } fragment Tenant on Tenant { id name createdAt status settings { ...TenantSettings } } fragment TenantMail on TenantMail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject texts { ...TenantMailText } } fragment TenantMailText on TenantMailText { language subject heading intro footer } fragment TenantRisk on TenantRisk { chance per digits arithmetic } fragment TenantSettings on TenantSettings { verification ttlSeconds locale mailsPerAddress { ...Rate } registersPerClientIp { ...Rate } registersPerTenant { ...Rate } missesPerClientIp { ...Rate } missBudgetPerHour boundDigits boundTries acceptedRisk risk { ...TenantRisk } mail { ...TenantMail } }'
export const UPDATE_TENANT =
  'mutation UpdateTenant($input: UpdateTenantInput!) { updateTenant(input: $input) { ...Tenant } } fragment Rate on Rate { max windowSeconds } fragment Tenant on Tenant { id name createdAt status settings { ...TenantSettings } } fragment TenantMail on TenantMail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject texts { ...TenantMailText } } fragment TenantMailText on TenantMailText { language subject heading intro footer } fragment TenantRisk on TenantRisk { chance per digits arithmetic } fragment TenantSettings on TenantSettings { verification ttlSeconds locale mailsPerAddress { ...Rate } registersPerClientIp { ...Rate } registersPerTenant { ...Rate } missesPerClientIp { ...Rate } missBudgetPerHour boundDigits boundTries acceptedRisk risk { ...TenantRisk } mail { ...TenantMail } }'
export const DISABLE_TENANT =
  'mutation DisableTenant($id: ID!) { disableTenant(id: $id) { ...Tenant } } fragment Rate on Rate { max windowSeconds } fragment Tenant on Tenant { id name createdAt status settings { ...TenantSettings } } fragment TenantMail on TenantMail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject texts { ...TenantMailText } } fragment TenantMailText on TenantMailText { language subject heading intro footer } fragment TenantRisk on TenantRisk { chance per digits arithmetic } fragment TenantSettings on TenantSettings { verification ttlSeconds locale mailsPerAddress { ...Rate } registersPerClientIp { ...Rate } registersPerTenant { ...Rate } missesPerClientIp { ...Rate } missBudgetPerHour boundDigits boundTries acceptedRisk risk { ...TenantRisk } mail { ...TenantMail } }'
export const ENABLE_TENANT =
  'mutation EnableTenant($id: ID!) { enableTenant(id: $id) { ...Tenant } } fragment Rate on Rate { max windowSeconds } fragment Tenant on Tenant { id name createdAt status settings { ...TenantSettings } } fragment TenantMail on TenantMail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject texts { ...TenantMailText } } fragment TenantMailText on TenantMailText { language subject heading intro footer } fragment TenantRisk on TenantRisk { chance per digits arithmetic } fragment TenantSettings on TenantSettings { verification ttlSeconds locale mailsPerAddress { ...Rate } registersPerClientIp { ...Rate } registersPerTenant { ...Rate } missesPerClientIp { ...Rate } missBudgetPerHour boundDigits boundTries acceptedRisk risk { ...TenantRisk } mail { ...TenantMail } }'
export const DELETE_TENANT =
  'mutation DeleteTenant($id: ID!) { deleteTenant(id: $id) }'
export const VERIFY =
  'mutation Verify($input: VerifyInput!) { verify(input: $input) { __typename ...Verified ...WrongCredentials ...RateLimited } } fragment RateLimited on RateLimited { __typename code message limit retryAfterSeconds } fragment Verified on Verified { __typename identityId email token registeredAt } fragment WrongCredentials on WrongCredentials { __typename code message }'