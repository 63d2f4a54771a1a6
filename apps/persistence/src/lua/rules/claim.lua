-- Claim: reserves an idempotency key for one input. A Cluster needs it, because two inputs may lie in two
-- partitions.
--
-- ARGV 1 life of the claim in ms
--      2… a group for each key of the ring, newest first: request digest, fingerprint of the input
-- Replies {'claimed'}   {'conflict'}
--- @include partition

for at = 2, #ARGV, 2 do
  local claimed = redis.call('GET', prefix .. 'c:' .. ARGV[at])
  if claimed then return { claimed == ARGV[at + 1] and 'claimed' or 'conflict' } end
end
redis.call('SET', prefix .. 'c:' .. ARGV[2], ARGV[3], 'PX', ARGV[1])
return { 'claimed' }
