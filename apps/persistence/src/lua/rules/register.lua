-- Register: creates an identity under a number that is free in the tenant. It replaces the identity of the
-- address.
--
-- arg.now            ms, or '' for the clock of Redis
-- arg.lifeMs         life of the number
-- arg.salt           4 bytes
-- arg.secrets        sealed: address, token, number, locale
-- arg.mostLive       most live identities in this partition for which the number is long enough
-- arg.keptMs         life of the kept reply
-- arg.mailRates      rates of mails to one address, or ''
-- arg.networkRates   rates of registers of one client network, or ''
-- arg.detail         sealed detail of the event: the address
-- arg.widerRates     rates of registers of the IPv6 /48 around a client, or ''
-- arg.tenantRate     rate of registers of the tenant in this partition, or ''
-- For each key of the ring, newest first:
-- each.request       name of the call (partition.lua)
-- each.fingerprint   of the input
-- each.number        digest of the number
-- each.address       digest of the address
-- each.canonical     digest of the canonical address
-- each.network       digest of the client's network, or ''
-- each.wider         digest of the /48 around it, or ''
--
-- Replies createdAt 8 | expiresAt 8 | when the sweep must come, or 0, 8 | replaced member 16 or 0: registered
--           One string, because Redis and its client handle each part of a reply by itself
--         {'taken'}
--         {'longer', live identities}
--         {'limited', 'email', 'client-ip' or 'tenant', seconds}   {'conflict'}   {'late'}
--         {'replayed', kept reply, record or ''}. The kept reply is written below
--- @include clock
--- @include partition
--- @include buckets
--- @include addresses
--- @include identities
--- @include events
--- @include limits
--- @include windows
--- @include sweep-partition
--- @include due

local now, ttl = clock(arg.now), tonumber(arg.lifeMs)
local expires = now + ttl
local number = ARGV[each.number]
local mail_rates, tenant_rate = rates_of[arg.mailRates], rates_of[arg.tenantRate][1]

for at = each.request, #ARGV, each.width do
  local reply = kept_reply(ARGV[at], true)
  if reply then
    if string.sub(reply, 1, 16) ~= ARGV[at + each.fingerprint - each.request] then return { 'conflict' } end
    local digest, salt = string.sub(reply, 17, 28), string.sub(reply, 29, 32)
    local record = redis.call('GET', prefix .. 'n:' .. digest)
    if record and salt_of(record) ~= salt then record = nil end
    return { 'replayed', reply, record or '' }
  end
end

if too_late(now) then return { 'late' } end

sweep_once(now)
local address = rekey_address(now, each.address, each.width)
local canonical = rekey_address(now, each.canonical, each.width)
-- Pointer of the address and log of the canonical one. Nothing below changes them before they are used.
local entry = read_entry(address)
local is_logged = canonical == address
local logged = entry
if not is_logged then logged = read_entry(canonical) end
local wait = seconds_to_wait_in(log_in(logged), mail_rates, now)
if wait > 0 then
  tally(now, 'limited')
  return { 'limited', 'email', wait }
end
local network, network_rates = log_in_column('g:', each.network, each.width), rates_of[arg.networkRates]
local wider, wider_rates = log_in_column('g:', each.wider, each.width), rates_of[arg.widerRates]
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

local live = live_count()
if live >= tonumber(arg.mostLive) then return { 'longer', live } end
for at = each.number + each.width, #ARGV, each.width do
  if redis.call('EXISTS', prefix .. 'n:' .. ARGV[at]) == 1 then return { 'taken' } end
end

local member = number .. arg.salt
local bucket = bucket_for(now)
local record = FORMAT_AND_TRIES .. arg.salt .. bucket .. since_and_life(now - open.moment, ttl) .. ARGV[each.address] .. arg.secrets
if not redis.call('SET', prefix .. 'n:' .. number, record, 'NX', 'PX', arg.lifeMs) then return { 'taken' } end

local replaced = ''
local old_digest, old_record = live_of(pointer_in(entry), each.address, each.width)
if old_digest then
  -- Its pointer is written below.
  remove_record(old_digest, old_record)
  replaced = old_digest .. salt_of(old_record)
  happened(now, 'replaced', replaced)
end

-- A pointer is needed as long as the number, a log as long as its longest window.
local log, keep = logged_in(log_in(logged), mail_rates, now), math.max(ttl, mail_rates.longest)
if is_logged then
  write_entry(now, address, entry, number, log, keep)
else
  write_entry(now, address, entry, number, log_in(entry), ttl)
  write_entry(now, canonical, logged, pointer_in(logged), log, keep)
end
if network then count(network, network_rates, now) end
if wider then count(wider, wider_rates, now) end
if of_tenant then count_in(of_tenant) end

put_in_open(now, member)
sweep_at(expires, ttl, member, bucket)

happened(now, 'registered', member, arg.detail)
local times = pack_moment(now) .. pack_moment(expires)
redis.call('SET', prefix .. 'r:' .. ARGV[each.request], ARGV[each.fingerprint] .. member .. times .. replaced, 'PX', arg.keptMs)
local due_at = (math.floor(expires / 1000) + 1) * 1000
return times .. pack_moment(must_announce(now, due_at) and due_at or 0) .. replaced
