-- Finish: the outcome of an attempt. The next event of the lane is due when this one is delivered or given
-- up.
--
-- arg.now            Unix milliseconds
-- arg.lane           of the event
-- arg.id             of the event
-- arg.outcome        'delivered', 'retrying' or 'failed'
-- arg.next           the next attempt, Unix milliseconds, or ''
-- arg.attempt        as JSON, or '' to log none
-- arg.mostAttempts   how many attempts are logged
-- arg.keptMs         how long these are kept
-- arg.mostFailed     how many events that were given up are kept
--
-- Replies since when the endpoint has been failing in ms
--         '' while it works, or when another mailer finished this attempt
--- @include endpoint

local now, lane, id, outcome, kept = arg.now, arg.lane, arg.id, arg.outcome, arg.keptMs
local list = prefix .. 'l:' .. lane
-- It was deleted during the attempt.
if redis.call('EXISTS', prefix .. 'config') == 0 then return '' end
if arg.attempt ~= '' then
  redis.call('XADD', prefix .. 'attempts', 'MAXLEN', arg.mostAttempts, '*', 'a', arg.attempt)
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
  if arg.attempt ~= '' then redis.call('HINCRBY', tries, lane, 1) end
  redis.call('PEXPIRE', tries, kept)
  redis.call('ZADD', due, arg.next, lane)
else
  local value = redis.call('HGET', events, id)
  if outcome == 'failed' and value then give_up(now, kept, tonumber(arg.mostFailed), id, value) end
  redis.call('LPOP', list)
  redis.call('HDEL', events, id)
  redis.call('HDEL', tries, lane)
  if redis.call('EXISTS', list) == 1 then redis.call('ZADD', due, now, lane) else redis.call('ZREM', due, lane) end
end
return redis.call('HGET', health, 'failing') or ''
