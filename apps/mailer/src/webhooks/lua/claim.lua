-- Claim: the first events of lanes that are due, each for one attempt. Who dies in it leaves them to others
-- when the lease is over.
--
-- ARGV 1 now in ms   2 length of a lease in ms   3 how many lanes
-- Replies four by four: lane, event id, lane and sealed body, attempts so far

local now, claimed = tonumber(ARGV[1]), {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, ARGV[3])) do
  local list = prefix .. 'l:' .. lane
  local id, value = redis.call('LINDEX', list, 0), false
  while id do
    value = redis.call('HGET', events, id)
    if value then break end
    redis.call('LPOP', list)
    id = redis.call('LINDEX', list, 0)
  end
  if value then
    redis.call('ZADD', due, now + ARGV[2], lane)
    for _, part in ipairs({ lane, id, value, redis.call('HGET', tries, lane) or '0' }) do
      claimed[#claimed + 1] = part
    end
  else
    redis.call('ZREM', due, lane)
    redis.call('HDEL', tries, lane)
  end
end
return claimed
