-- Endpoint: what the rules of webhook deliveries share.
--
-- KEYS[1] is the key prefix of one endpoint, "ea:mail:{webhook:id}:". All its keys are in one hash slot:
--   config     hash: version, enabled (1 or 0), sealed (URL and secrets)
--   accepted   the cursor up to which events were handed over
--   events     hash: what waits, by event id: lane 16 | sealed body
--   l:<lane>   list of event ids that wait for each other: those of one identity, oldest first
--   due        sorted set: lanes by the moment of their next attempt in ms
--   tries      hash: attempts that the first event of a lane has had
--   job        the id of the queue's job that works, or will work, on this endpoint
--   attempts   stream: the newest attempts, as JSON
--   failed     sorted set: ids of events that were given up, by the moment
--   lost       hash: the same events, as in `events`
--   health     hash: failing (the first failure since a success), success (the last one)

local prefix = KEYS[1]
local events, due, tries = prefix .. 'events', prefix .. 'due', prefix .. 'tries'
local failed, lost, health = prefix .. 'failed', prefix .. 'lost', prefix .. 'health'

local function lane_of(value) return string.sub(value, 1, 16) end

-- Adds an event to the end of its lane. It waits behind an earlier one that is tried again later.
local function enqueue(now, kept, id, value)
  local lane = lane_of(value)
  redis.call('HSET', events, id, value)
  redis.call('RPUSH', prefix .. 'l:' .. lane, id)
  redis.call('PEXPIRE', prefix .. 'l:' .. lane, kept)
  redis.call('ZADD', due, 'NX', now, lane)
end

local function keep_alive(kept)
  for _, key in ipairs({ events, due, tries }) do redis.call('PEXPIRE', key, kept) end
end

-- The job that works on the endpoint: the one there is, or from now on the one that is offered.
local function job_or(token, kept)
  local job = redis.call('GET', prefix .. 'job')
  redis.call('SET', prefix .. 'job', job or token, 'PX', kept)
  return job or token
end

-- Keeps an event that is given up, so that it can be sent again. Of too many the oldest are forgotten.
local function give_up(now, kept, most, id, value)
  redis.call('ZADD', failed, now, id)
  redis.call('HSET', lost, id, value)
  local extra = redis.call('ZCARD', failed) - most
  if extra > 0 then
    for _, oldest in ipairs(redis.call('ZRANGE', failed, 0, extra - 1)) do redis.call('HDEL', lost, oldest) end
    redis.call('ZREMRANGEBYRANK', failed, 0, extra - 1)
  end
  redis.call('PEXPIRE', failed, kept)
  redis.call('PEXPIRE', lost, kept)
end
