-- Accept: events that are handed over wait for their delivery. What was handed over before is passed over.
--
-- ARGV 1 now in ms   2 how many events may wait   3 how long they are kept in ms   4 the id of a new job
--      5 'once' or 'again'   6 how many events that were given up are kept   7 how long these are kept in ms
--      8… two by two, in order: event id; lane and sealed body
-- Replies job id, how many wait now of these, the ids of those that were given up because too many wait

local now, most, kept, mode = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[5]
local accepted = redis.call('GET', prefix .. 'accepted') or ''
local waiting, queued, dropped = redis.call('HLEN', events), 0, {}
for i = 8, #ARGV, 2 do
  local id, value = ARGV[i], ARGV[i + 1]
  if mode == 'again' or id > accepted then
    if mode == 'once' then accepted = id end
    if redis.call('HEXISTS', events, id) == 1 then
      queued = queued + 1
    elseif waiting >= most then
      give_up(now, ARGV[7], tonumber(ARGV[6]), id, value)
      dropped[#dropped + 1] = id
    else
      enqueue(now, kept, id, value)
      waiting, queued = waiting + 1, queued + 1
    end
  end
end
if mode == 'once' then redis.call('SET', prefix .. 'accepted', accepted, 'PX', kept) end
keep_alive(kept)
return { job_or(ARGV[4], kept), queued, dropped }
