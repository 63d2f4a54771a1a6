-- Configure: an endpoint as it is from now on. An older version than the known one changes nothing.
--
-- arg.version   of the endpoint
-- arg.enabled   1 or 0
-- arg.sealed    URL and secrets
-- arg.keptMs    how long it is kept
-- arg.now       Unix milliseconds
--
-- Replies 1 when what waits is due now, because the endpoint was disabled or enabled, else 0
--- @include endpoint

local config = prefix .. 'config'
local known, enabled = unpack(redis.call('HMGET', config, 'version', 'enabled'))
if known and tonumber(known) > tonumber(arg.version) then return 0 end
redis.call('HSET', config, 'version', arg.version, 'enabled', arg.enabled, 'sealed', arg.sealed)
redis.call('PEXPIRE', config, arg.keptMs)
if not known or enabled == arg.enabled then return 0 end
redis.call('HDEL', health, 'failing')
for _, lane in ipairs(redis.call('ZRANGE', due, 0, -1)) do redis.call('ZADD', due, arg.now, lane) end
return redis.call('EXISTS', due)
