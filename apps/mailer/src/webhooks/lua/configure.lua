-- Configure: an endpoint as it is from now on. An older version than the known one changes nothing.
--
-- ARGV 1 version   2 enabled: 1 or 0   3 sealed URL and secrets   4 how long it is kept in ms   5 now in ms
-- Replies 1 when what waits is due now, because the endpoint was disabled or enabled, else 0

local config = prefix .. 'config'
local known, enabled = unpack(redis.call('HMGET', config, 'version', 'enabled'))
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', config, 'version', ARGV[1], 'enabled', ARGV[2], 'sealed', ARGV[3])
redis.call('PEXPIRE', config, ARGV[4])
if not known or enabled == ARGV[2] then return 0 end
redis.call('HDEL', health, 'failing')
for _, lane in ipairs(redis.call('ZRANGE', due, 0, -1)) do redis.call('ZADD', due, ARGV[5], lane) end
return redis.call('EXISTS', due)
