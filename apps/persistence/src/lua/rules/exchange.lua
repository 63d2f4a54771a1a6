-- Exchange: trades a result of the hosted page for the record that the verify rule stored under it, once.
--
-- ARGV 1 now in ms, or '' for the clock of Redis
--      2 life of the kept reply in ms
--      3 the identity: number digest and salt (16 bytes)
--      4… a group for each key of the ring, newest first:
--         request digest, fingerprint of the input, result digest
-- Replies {'verified', member, record}   {'wrong'}   {'conflict'}   {'late'}
-- The kept reply: fingerprint, then member and record, or nothing when it was 'wrong'
--- @include clock
--- @include partition

local WIDTH, FIRST = 3, 4
local now, given = clock(ARGV[1]), ARGV[3]

for at = FIRST, #ARGV, WIDTH do
  local reply = kept_reply(ARGV[at])
  if reply then
    if string.sub(reply, 1, 16) ~= ARGV[at + 1] then return { 'conflict' } end
    if #reply == 16 then return { 'wrong' } end
    return { 'verified', string.sub(reply, 17, 32), string.sub(reply, 33) }
  end
end

if too_late(now) then return { 'late' } end

for at = FIRST + 2, #ARGV, WIDTH do
  local key = prefix .. 'h:' .. ARGV[at]
  local stored = redis.call('GET', key)
  -- The result of another identity stays, because its owner may still trade it.
  if stored and string.sub(stored, 1, 16) == given then
    redis.call('DEL', key)
    redis.call('SET', prefix .. 'r:' .. ARGV[FIRST], ARGV[FIRST + 1] .. stored, 'PX', ARGV[2])
    return { 'verified', given, string.sub(stored, 17) }
  end
end

redis.call('SET', prefix .. 'r:' .. ARGV[FIRST], ARGV[FIRST + 1], 'PX', ARGV[2])
return { 'wrong' }
