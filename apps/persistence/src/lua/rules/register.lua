-- Register: creates an identity under a number that is free in the tenant. It replaces the identity of the
-- address.
--
-- ARGV 1 now in ms, or '' for the clock of Redis
--      2 life of the number in ms
--      3 salt, 4 bytes
--      4 sealed secrets: address, token, number, locale
--      5 most live identities in this partition for which the number is long enough
--      6 life of the kept reply in ms
--      7 rates of mails to one address, or ''
--      8 rates of registers of one client network, or ''
--      9 sealed detail of the event: the address
--      10 rates of registers of the IPv6 /48 around a client, or ''
--      11 rates of registers of the tenant in this partition, or ''
--      12… a group for each key of the ring, newest first:
--         request digest, fingerprint of the input, number digest, address digest, canonical address digest,
--         digest of the client's network or '', digest of the /48 around it or ''
-- Replies {'registered', createdAt, expiresAt, replaced member or ''}   {'taken'}
--         {'longer', live identities}
--         {'limited', 'email', 'client-ip' or 'tenant', seconds}   {'conflict'}   {'late'}
--         {'replayed', kept reply, record or ''}. The kept reply is written below
--- @include clock
--- @include partition
--- @include buckets
--- @include identities
--- @include events
--- @include limits
--- @include windows
--- @include sweep-partition

local WIDTH, FIRST = 7, 12
local now, ttl = clock(ARGV[1]), tonumber(ARGV[2])
local REQUEST, FINGERPRINT, NUMBER, ADDRESS, CANONICAL = FIRST, FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4
local NETWORK, WIDER = FIRST + 5, FIRST + 6
local number = ARGV[NUMBER]
local mail_rates, tenant_rate = parse_rates(ARGV[7]), parse_rates(ARGV[11])[1]

for at = FIRST, #ARGV, WIDTH do
  local reply = kept_reply(ARGV[at])
  if reply then
    if string.sub(reply, 1, 16) ~= ARGV[at + 1] then return { 'conflict' } end
    local digest, salt = string.sub(reply, 17, 28), string.sub(reply, 29, 32)
    local record = redis.call('GET', prefix .. 'n:' .. digest)
    if record and salt_of(record) ~= salt then record = nil end
    return { 'replayed', reply, record or '' }
  end
end

if too_late(now) then return { 'late' } end

local address, canonical = rekey('a:', ADDRESS, WIDTH), rekey('a:', CANONICAL, WIDTH)
local wait = seconds_to_wait(canonical, 12, mail_rates, now)
if wait > 0 then
  tally(now, 'limited')
  return { 'limited', 'email', wait }
end
local network, network_rates = log_in_column('g:', NETWORK, WIDTH), parse_rates(ARGV[8])
local wider, wider_rates = log_in_column('g:', WIDER, WIDTH), parse_rates(ARGV[10])
wait = seconds_to_wait_of(network, network_rates, wider, wider_rates, now)
if wait > 0 then
  tally(now, 'limited')
  return { 'limited', 'client-ip', wait }
end
local of_tenant = tenant_rate and window_of('registers', tenant_rate, now)
wait = of_tenant and seconds_until_room(of_tenant, tenant_rate, now) or 0
if wait > 0 then
  tally(now, 'limited')
  happened_once(now, 'registrations.limited', tenant_rate.window)
  return { 'limited', 'tenant', wait }
end

sweep_once(now)
local live = live_count()
if live >= tonumber(ARGV[5]) then return { 'longer', live } end
for at = NUMBER + WIDTH, #ARGV, WIDTH do
  if redis.call('EXISTS', prefix .. 'n:' .. ARGV[at]) == 1 then return { 'taken' } end
end

local expires = now + ttl
local member = number .. ARGV[3]
local bucket = bucket_for(now)
local record = record_head(ARGV[3], bucket, now, ttl, ARGV[ADDRESS]) .. ARGV[4]
if not redis.call('SET', prefix .. 'n:' .. number, record, 'NX', 'PX', ARGV[2]) then return { 'taken' } end

local replaced = ''
local old_digest, old_record, pointer = live_at(address, ADDRESS, WIDTH)
if old_digest then
  remove(old_digest, old_record)
  replaced = old_digest .. salt_of(old_record)
  happened(now, 'replaced', replaced)
end

-- Pointer and log share a key. It lives as long as the number and as the longest window of the log.
local logged = canonical == address
local keep = text_of(logged and math.max(ttl, mail_rates.longest) or ttl)
if pointer == '' or (old_digest and redis.call('EXISTS', address) == 0) then
  redis.call('SET', address, number .. (logged and pack_moment(now) or ''), 'PX', keep)
else
  redis.call('SETRANGE', address, '0', number)
  if redis.call('PTTL', address) < ttl then redis.call('PEXPIRE', address, ARGV[2]) end
  if logged then count(address, 12, mail_rates, now) end
end
if not logged then
  redis.call('SET', canonical, NOBODY, 'NX', 'PX', ARGV[2])
  count(canonical, 12, mail_rates, now)
end
if network then count(network, 0, network_rates, now) end
if wider then count(wider, 0, wider_rates, now) end
if of_tenant then count_in(of_tenant) end

put_in(bucket, now, member)
local list = sweep_list(expires)
redis.call('RPUSH', list, member .. bucket)
keep_alive(list, ttl + LONGEST)

happened(now, 'registered', member, ARGV[9])
local reply = ARGV[FINGERPRINT] .. member .. pack_moment(now) .. pack_moment(expires) .. replaced
redis.call('SET', prefix .. 'r:' .. ARGV[REQUEST], reply, 'PX', ARGV[6])
return { 'registered', text_of(now), text_of(expires), replaced }
