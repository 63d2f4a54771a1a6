-- Replay: events that were given up wait for their delivery again, at the end of their lanes.
--
-- arg.now           Unix milliseconds
-- arg.waitMs        how long they are kept
-- arg.job           the id of a new job
-- arg.since         those given up since then, Unix milliseconds, or ''
-- arg.most          how many of these
-- arg.mostWaiting   how many events may wait
-- Or for each event:
-- each.id           its id
--
-- Replies job id, then the ids of the events. One for which there is no room stays as it is.
--- @include endpoint

local now, kept, ids, done = arg.now, arg.waitMs, {}, {}
local room = tonumber(arg.mostWaiting) - redis.call('HLEN', events)
if arg.since ~= '' then
  ids = redis.call('ZRANGEBYSCORE', failed, arg.since, '+inf', 'LIMIT', 0, arg.most)
else
  for i = each.id, #ARGV do ids[#ids + 1] = ARGV[i] end
end
for _, id in ipairs(ids) do
  local value = redis.call('HGET', lost, id)
  local waits = redis.call('HEXISTS', events, id) == 1
  if not value or waits or room > 0 then
    redis.call('ZREM', failed, id)
    redis.call('HDEL', lost, id)
    if value and not waits then
      enqueue(now, kept, id, value)
      room = room - 1
    end
    if value then done[#done + 1] = id end
  end
end
keep_alive(kept)
return { job_or(arg.job, kept), unpack(done) }
