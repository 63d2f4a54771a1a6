-- Replay: events that were given up wait for their delivery again, at the end of their lanes.
--
-- ARGV 1 now in ms   2 how long they are kept in ms   3 the id of a new job
--      4 those given up since then in ms, or ''   5 how many   6… or these event ids
-- Replies job id, then the ids of the events

local now, kept, ids, done = ARGV[1], ARGV[2], {}, {}
if ARGV[4] ~= '' then
  ids = redis.call('ZRANGEBYSCORE', failed, ARGV[4], '+inf', 'LIMIT', 0, ARGV[5])
else
  for i = 6, #ARGV do ids[#ids + 1] = ARGV[i] end
end
for _, id in ipairs(ids) do
  local value = redis.call('HGET', lost, id)
  redis.call('ZREM', failed, id)
  redis.call('HDEL', lost, id)
  if value then
    if redis.call('HEXISTS', events, id) == 0 then enqueue(now, kept, id, value) end
    done[#done + 1] = id
  end
end
keep_alive(kept)
return { job_or(ARGV[3], kept), unpack(done) }
