-- Claim: the first events of lanes that are due, each for one attempt. Who dies in it leaves them to others
-- when the lease is over.
--
-- arg.now       Unix milliseconds
-- arg.leaseMs   length of a lease
-- arg.most      how many lanes
--
-- Replies four by four: lane, event id, lane and sealed body, attempts so far
--- @include endpoint

local now, claimed = tonumber(arg.now), {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, arg.most)) do
  local list = prefix .. 'l:' .. lane
  local id, value = redis.call('LINDEX', list, 0), false
  while id do
    value = redis.call('HGET', events, id)
    if value then break end
    redis.call('LPOP', list)
    id = redis.call('LINDEX', list, 0)
  end
  if value then
    redis.call('ZADD', due, now + arg.leaseMs, lane)
    for _, part in ipairs({ lane, id, value, redis.call('HGET', tries, lane) or '0' }) do
      claimed[#claimed + 1] = part
    end
  else
    redis.call('ZREM', due, lane)
    redis.call('HDEL', tries, lane)
  end
end
return claimed
