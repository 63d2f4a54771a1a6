-- Replay: events that were given up wait for their delivery again, at the end of their lanes.
--
-- ARGV 1 now in ms   2 how long they are kept in ms   3 the id of a new job
--      4 those given up since then in ms, or ''   5 how many
--      6 how many events may wait   7… or these event ids
-- Replies job id, then the ids of the events. One for which there is no room stays as it is.

local now, kept, ids, done = ARGV[1], ARGV[2], {}, {}
local room = tonumber(ARGV[6]) - redis.call('HLEN', events)
if ARGV[4] ~= '' then
  ids = redis.call('ZRANGEBYSCORE', failed, ARGV[4], '+inf', 'LIMIT', 0, ARGV[5])
else
  for i = 7, #ARGV do ids[#ids + 1] = ARGV[i] end
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
return { job_or(ARGV[3], kept), unpack(done) }
