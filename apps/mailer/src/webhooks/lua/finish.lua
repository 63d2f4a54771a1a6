-- Finish: the outcome of an attempt. The next event of the lane is due when this one is delivered or given
-- up.
--
-- ARGV 1 now in ms   2 lane   3 event id
--      4 'delivered', 'retrying' or 'failed'
--      5 the next attempt in ms, or ''
--      6 the attempt as JSON, or '' to log none
--      7 how many attempts are logged   8 how long these are kept in ms
--      9 how many events that were given up are kept
-- Replies since when the endpoint has been failing in ms
--         '' while it works, or when another mailer finished this attempt

local now, lane, id, outcome, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[8]
local list = prefix .. 'l:' .. lane
-- It was deleted during the attempt.
if redis.call('EXISTS', prefix .. 'config') == 0 then return '' end
if ARGV[6] ~= '' then
  redis.call('XADD', prefix .. 'attempts', 'MAXLEN', ARGV[7], '*', 'a', ARGV[6])
  redis.call('XTRIM', prefix .. 'attempts', 'MINID', string.format('%.0f', tonumber(now) - tonumber(kept)))
  redis.call('PEXPIRE', prefix .. 'attempts', kept)
  if outcome == 'delivered' then
    redis.call('HSET', health, 'success', now)
    redis.call('HDEL', health, 'failing')
  else
    redis.call('HSETNX', health, 'failing', now)
  end
  redis.call('PEXPIRE', health, 4 * kept)
end
if redis.call('LINDEX', list, 0) ~= id then return '' end

if outcome == 'retrying' then
  -- Without an attempt, as when no key opens the endpoint, none is counted.
  if ARGV[6] ~= '' then redis.call('HINCRBY', tries, lane, 1) end
  redis.call('PEXPIRE', tries, kept)
  redis.call('ZADD', due, ARGV[5], lane)
else
  local value = redis.call('HGET', events, id)
  if outcome == 'failed' and value then give_up(now, kept, tonumber(ARGV[9]), id, value) end
  redis.call('LPOP', list)
  redis.call('HDEL', events, id)
  redis.call('HDEL', tries, lane)
  if redis.call('EXISTS', list) == 1 then redis.call('ZADD', due, now, lane) else redis.call('ZREM', due, lane) end
end
return redis.call('HGET', health, 'failing') or ''
