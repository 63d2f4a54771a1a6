-- Verify: trades a number for its record, once. The identity is deleted in the same step.
--
-- arg.now            ms, or '' for the clock of Redis
-- arg.keptMs         life of the kept reply
-- arg.mostTries      tries that burn an identity
-- arg.member         the given identity: number digest and salt (16 bytes), or ''
-- arg.networkRates   rates of misses of one client network, or ''
-- arg.budgetRates    rates of the tenant's miss budget, or '' where the call does not count against it
-- arg.bound          '1' when identity or address was given, else '0'
-- arg.widerRates     rates of misses of the IPv6 /48 around a client, or ''
-- arg.namedRate      rate of misses of the tenant in this partition that name an identity, or ''
-- arg.result         digest of the result that the hosted page returns with, or ''
-- arg.resultMs       for how long it can be exchanged
-- For each key of the ring, newest first:
-- each.request       name of the call (partition.lua)
-- each.fingerprint   of the input
-- each.number        digest of the number
-- each.address       digest of the address, or ''
-- each.network       digest of the client's network, or ''
-- each.wider         digest of the /48 around it, or ''
--
-- Replies {'verified', member, record}   {'wrong'}   {'burned'}   {'conflict'}   {'late'}
--         {'wrong', 'nobody'} the call meant no live identity   {'wrong', 'again'} a kept reply
--         {'limited', 'client-ip' or 'miss-budget', seconds}
-- The kept reply: fingerprint, then member and record, or nothing when it was 'wrong'
--- @include clock
--- @include partition
--- @include buckets
--- @include identities
--- @include events
--- @include limits
--- @include windows

local now, given = clock(arg.now), arg.member
local bound = arg.bound == '1'
local budget_rates, named_rate = rates_of[arg.budgetRates], rates_of[arg.namedRate][1]
local budget = prefix .. 'budget'

for at = each.request, #ARGV, each.width do
  local reply = kept_reply(ARGV[at])
  if reply then
    if string.sub(reply, 1, 16) ~= ARGV[at + each.fingerprint - each.request] then return { 'conflict' } end
    if #reply == 16 then return { 'wrong', 'again' } end
    return { 'verified', string.sub(reply, 17, 32), string.sub(reply, 33) }
  end
end

if too_late(now) then return { 'late' } end

local network, network_rates = log_in_column('m:', each.network, each.width), rates_of[arg.networkRates]
local wider, wider_rates = log_in_column('m:', each.wider, each.width), rates_of[arg.widerRates]
local wait = seconds_to_wait_of(network, network_rates, wider, wider_rates, now)
if wait > 0 then
  tally(now, 'limited')
  return { 'limited', 'client-ip', wait }
end
local named = named_rate and window_of('named', named_rate, now)
if #budget_rates > 0 then wait = seconds_to_wait(budget, budget_rates, now) end
if named then wait = math.max(wait, seconds_until_room(named, named_rate, now)) end
if wait > 0 then
  tally(now, 'limited')
  return { 'limited', 'miss-budget', wait }
end

-- Find the identity that the call means, whether or not the number is right. If identity and address were
-- given, both must mean it.
local digest, record
if given ~= '' then
  digest = string.sub(given, 1, 12)
  record = redis.call('GET', prefix .. 'n:' .. digest)
  if record and salt_of(record) ~= string.sub(given, 13) then record = nil end
end
if ARGV[each.address] ~= '' then
  local at, found = live_at(rekey_address(now, each.address, each.width), each.address, each.width)
  if given == '' then digest, record = at, found elseif at ~= digest then record = nil end
end
if not bound then
  for at = each.number, #ARGV, each.width do
    digest, record = ARGV[at], redis.call('GET', prefix .. 'n:' .. ARGV[at])
    if record then break end
  end
end

if record and (not bound or is_in_column(digest, each.number, each.width)) then
  local member = digest .. salt_of(record)
  -- GETDEL above would be a write. After its first write a rule is not refused by a full Redis any more, so
  -- the writes of a wrong number would not be refused either.
  redis.call('DEL', prefix .. 'n:' .. digest)
  -- The pointer of the address may stay, because live_at checks the record.
  take_out(bucket_of(record), member)
  happened(now, 'verified', member)
  tally_wait(now, record)
  redis.call('SET', prefix .. 'r:' .. ARGV[each.request], ARGV[each.fingerprint] .. member .. record, 'PX', arg.keptMs)
  if arg.result ~= '' then redis.call('SET', prefix .. 'h:' .. arg.result, member .. record, 'PX', arg.resultMs) end
  return { 'verified', member, record }
end

local burned = false
if record then
  local tries = string.byte(record, 2) + 1
  burned = tries % 128 >= tonumber(arg.mostTries)
  if burned then remove(digest, record) else redis.call('SETRANGE', prefix .. 'n:' .. digest, 1, string.char(tries)) end
end
local missed = record and digest .. salt_of(record) or ''
happened(now, 'missed', missed)
if burned then happened(now, 'burned', missed) end
if network then count(network, network_rates, now) end
if wider then count(wider, wider_rates, now) end
-- A guess that names nobody could not have been right, so it does not use the tenant's budget.
if #budget_rates > 0 and (record or not bound) then
  count(budget, budget_rates, now)
  if is_half_used(budget, budget_rates[1], now) then happened_once(now, 'misses.high', budget_rates[1].window) end
end
if named and record then
  count_in(named)
  if 2 * named.total >= named_rate.max then happened_once(now, 'misses.high', named_rate.window) end
end
redis.call('SET', prefix .. 'r:' .. ARGV[each.request], ARGV[each.fingerprint], 'PX', arg.keptMs)
if burned then return { 'burned' } end
return record and { 'wrong' } or { 'wrong', 'nobody' }
