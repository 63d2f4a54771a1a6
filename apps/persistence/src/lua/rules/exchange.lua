-- Exchange: trades a result of the hosted page for the record that the verify rule stored under it, once.
--
-- arg.now            ms, or '' for the clock of Redis
-- arg.keptMs         life of the kept reply
-- arg.member         the identity: number digest and salt (16 bytes)
-- For each key of the ring, newest first:
-- each.request       name of the call (partition.lua)
-- each.fingerprint   of the input
-- each.result        digest of the result
--
-- Replies {'verified', member, record}   {'wrong'}   {'conflict'}   {'late'}
-- The kept reply: fingerprint, then member and record, or nothing when it was 'wrong'
--- @include clock
--- @include partition

local now, given = clock(arg.now), arg.member

for at = each.request, #ARGV, each.width do
  local reply = kept_reply(ARGV[at])
  if reply then
    if string.sub(reply, 1, 16) ~= ARGV[at + each.fingerprint - each.request] then return { 'conflict' } end
    if #reply == 16 then return { 'wrong' } end
    return { 'verified', string.sub(reply, 17, 32), string.sub(reply, 33) }
  end
end

if too_late(now) then return { 'late' } end

for at = each.result, #ARGV, each.width do
  local key = prefix .. 'h:' .. ARGV[at]
  local stored = redis.call('GET', key)
  -- The result of another identity stays, because its owner may still trade it.
  if stored and string.sub(stored, 1, 16) == given then
    redis.call('DEL', key)
    redis.call('SET', prefix .. 'r:' .. ARGV[each.request], ARGV[each.fingerprint] .. stored, 'PX', arg.keptMs)
    return { 'verified', given, string.sub(stored, 17) }
  end
end

redis.call('SET', prefix .. 'r:' .. ARGV[each.request], ARGV[each.fingerprint], 'PX', arg.keptMs)
return { 'wrong' }
