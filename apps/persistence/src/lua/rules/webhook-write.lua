-- Webhook write: creates, changes or deletes an endpoint, if nobody else has written it since it was read.
--
-- KEYS[1] the tenant's endpoints by id   [2] versions that the mailer does not have yet, by id
--     [3] the outbox
-- arg.id        of the endpoint
-- arg.before    the record as it was read, or ''
-- arg.after     its new value, or '' to delete it
-- arg.most      how many endpoints a tenant may have
-- arg.version   the record's version
-- arg.cursor    the cursor at which a new outbox begins
--
-- Replies 1 written   0 it has changed since, or is gone   -1 there are too many

local id, before, after, most = arg.id, arg.before, arg.after, tonumber(arg.most)
if (redis.call('HGET', KEYS[1], id) or '') ~= before then return 0 end

if after == '' then
  redis.call('HDEL', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
  if redis.call('HLEN', KEYS[1]) == 0 then redis.call('DEL', KEYS[3]) end
  return 1
end

if before == '' and redis.call('HLEN', KEYS[1]) >= most then return -1 end
redis.call('HSET', KEYS[1], id, after)
redis.call('HSET', KEYS[2], id, arg.version)
redis.call('HSETNX', KEYS[3], 'cursor', arg.cursor)
return 1
