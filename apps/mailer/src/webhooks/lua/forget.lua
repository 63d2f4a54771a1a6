-- Forget: everything of an endpoint that was deleted, a bounded step at a time.
--
-- arg.most   how many lanes
--
-- Replies 1 when more is left, else 0
--- @include endpoint

local lanes = redis.call('ZRANGE', due, 0, arg.most - 1)
for _, lane in ipairs(lanes) do
  redis.call('UNLINK', prefix .. 'l:' .. lane)
  redis.call('ZREM', due, lane)
end
if redis.call('EXISTS', due) == 1 then return 1 end
for _, name in ipairs({ 'config', 'accepted', 'job', 'attempts' }) do redis.call('UNLINK', prefix .. name) end
for _, key in ipairs({ events, tries, failed, lost, health }) do redis.call('UNLINK', key) end
return 0
