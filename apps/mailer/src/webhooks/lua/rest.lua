-- Rest: a job's turn is over. As long as something waits there is a job for it, and its id stands here
-- before the job itself is made, so that after a crash in between any mailer can make the job.
--
-- arg.job      the job's id
-- arg.next     the id of the next one
-- arg.keptMs   how long it is kept
--
-- Replies nothing when nothing waits
--         else the id of the next job, and when it is due in ms, or '' when another mailer has named it
--- @include endpoint

local job = redis.call('GET', prefix .. 'job')
if job and job ~= arg.job then return { job, '' } end
local next_due = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
if #next_due == 0 then
  redis.call('DEL', prefix .. 'job')
  return {}
end
redis.call('SET', prefix .. 'job', arg.next, 'PX', arg.keptMs)
return { arg.next, next_due[2] }
