-- Claim: an idempotency key stands for one input, also where two inputs would lie in different partitions of a Cluster.
--
-- ARGV 1 ms for which the claim holds
--      2… a group for each key of the ring, newest first: request digest, fingerprint of the input
-- Replies {'claimed'}   {'conflict'}

local requests, fingerprints = column(2, 2, 1), column(2, 2, 2)
for i, request in ipairs(requests) do
  local claimed = redis.call('GET', space .. 'c:' .. request)
  if claimed then return { claimed == fingerprints[i] and 'claimed' or 'conflict' } end
end
redis.call('SET', space .. 'c:' .. requests[1], fingerprints[1], 'PX', ARGV[1])
return { 'claimed' }
