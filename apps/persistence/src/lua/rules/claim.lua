-- Claim: reserves an idempotency key for one input. A Cluster needs it, because two inputs may lie in two
-- partitions.
--
-- arg.keptMs         life of the claim
-- For each key of the ring, newest first:
-- each.request       digest of the call's name
-- each.fingerprint   of the input
--
-- Replies {'claimed'}   {'conflict'}
--- @include partition

for at = each.request, #ARGV, each.width do
  local claimed = redis.call('GET', prefix .. 'c:' .. ARGV[at])
  if claimed then return { claimed == ARGV[at + each.fingerprint - each.request] and 'claimed' or 'conflict' } end
end
redis.call('SET', prefix .. 'c:' .. ARGV[each.request], ARGV[each.fingerprint], 'PX', arg.keptMs)
return { 'claimed' }
