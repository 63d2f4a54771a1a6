-- Accept: events that are handed over wait for their delivery. What was handed over before is passed over.
--
-- arg.now          Unix milliseconds
-- arg.most         how many events may wait
-- arg.waitMs       how long they are kept
-- arg.job          the id of a new job
-- arg.mode         'once' or 'again'
-- arg.mostFailed   how many events that were given up are kept
-- arg.failedMs     how long these are kept
-- For each event, in order:
-- each.id          its id
-- each.value       lane and sealed body
--
-- Replies job id, how many wait now of these, the ids of those that were given up because too many wait
--- @include endpoint

local now, most, kept, mode = arg.now, tonumber(arg.most), arg.waitMs, arg.mode
local accepted = redis.call('GET', prefix .. 'accepted') or ''
local waiting, queued, dropped = redis.call('HLEN', events), 0, {}
for i = each.id, #ARGV, each.width do
  local id, value = ARGV[i], ARGV[i + each.value - each.id]
  if mode == 'again' or id > accepted then
    if mode == 'once' then accepted = id end
    if redis.call('HEXISTS', events, id) == 1 then
      queued = queued + 1
    elseif waiting >= most then
      give_up(now, arg.failedMs, tonumber(arg.mostFailed), id, value)
      dropped[#dropped + 1] = id
    else
      enqueue(now, kept, id, value)
      waiting, queued = waiting + 1, queued + 1
    end
  end
end
if mode == 'once' then redis.call('SET', prefix .. 'accepted', accepted, 'PX', kept) end
keep_alive(kept)
return { job_or(arg.job, kept), queued, dropped }
