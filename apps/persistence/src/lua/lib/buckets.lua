-- Buckets: the live identities by age, about a hundred in a list. An entry of a list takes 18 bytes, and one
-- of a sorted set takes 120.
--
--   i:<bucket>   list of live members since the bucket's moment (6 bytes, ms), which names the bucket. Redis
--                deletes it with its last member
--   index        sorted set of the buckets that have a list, by their start in the order of pages
--   open         the bucket that takes new members: its moment, its start, its newest createdAt, its members
--   live         the number of identities that are live or not swept yet. No key means 0
--
-- Pages sort by max(createdAt, bucket start). A bucket starts at its moment, after everything in earlier
-- ones, so buckets never overlap and a page reads few of them. After a failover Redis's clock may be behind.
-- Then a bucket starts later than its moment, and the order is that of the buckets.
--- @include partition

-- 140 entries fill an allocation of 2,560 bytes, and removing one takes about a microsecond. A record stores
-- its createdAt as ms since its bucket's moment, in 2 bytes.
local FULL, WIDEST = 140, 65000

-- A bucket is open for a minute, its members live for a day at most, and are swept within another day
-- (sweep-partition.lua).
local BUCKET_LIFE = 2 * DAY + HOUR

local function read_open()
  local text = redis.call('GET', prefix .. 'open')
  if not text then return { moment = 0, begins = 0, newest = -1, members = FULL } end
  local moment, begins, newest, members = string.match(text, '(%d+) (%d+) (%d+) (%d+)')
  return {
    moment = tonumber(moment),
    begins = tonumber(begins),
    newest = tonumber(newest),
    members = tonumber(members),
    name = pack_short(tonumber(moment)),
  }
end

local open, live_before
local came, went, has_written, has_begun = 0, {}, false, false

local function live_count()
  live_before = live_before or tonumber(redis.call('GET', prefix .. 'live') or 0)
  return live_before + came
end

-- Members are in the order of their createdAt. A full bucket still takes members of the same ms, because the
-- next bucket must start later.
local function takes(bucket, now)
  if bucket.members >= FULL then return now == bucket.newest end
  return now >= bucket.newest and now - bucket.moment <= WIDEST
end

-- Members of the open bucket that are not in its list yet. A run writes them at once, because a command costs
-- more than the entry that it adds.
local unwritten = {}
local function write_members()
  if not unwritten[1] then return end
  local list = prefix .. 'i:' .. open.name
  open.members = redis.call('RPUSH', list, unpack(unwritten))
  if open.members == #unwritten then
    redis.call('PEXPIRE', list, BUCKET_LIFE)
    redis.call('ZADD', prefix .. 'index', string.format('%.0f', open.begins), open.name)
    has_begun = true
  end
  unwritten = {}
end

-- The bucket for new members.
local function bucket_for(now)
  open = open or read_open()
  if not takes(open, now) then
    write_members()
    local begins = math.max(now, math.max(open.begins, open.newest) + 1)
    local moment = now
    -- After the clock stepped back a bucket of this moment may exist.
    while redis.call('EXISTS', prefix .. 'i:' .. pack_short(moment)) == 1 do moment = moment - 1 end
    open = { moment = moment, begins = begins, newest = moment, members = 0, name = pack_short(moment) }
  end
  return open.name
end

-- Puts a member that was created now into the bucket that bucket_for named last.
local function put_in_open(now, member)
  unwritten[#unwritten + 1] = member
  open.newest, open.members = now, open.members + 1
  came, has_written = came + 1, true
end

-- Removes a member. Answers whether it was there.
local function take_out(bucket, member)
  write_members()
  if redis.call('LREM', prefix .. 'i:' .. bucket, '1', member) == 0 then return false end
  came = came - 1
  went[bucket] = true
  return true
end

-- Removes all buckets from the index, when all of their members expired long ago.
local function forget_all() redis.call('DEL', prefix .. 'index', prefix .. 'live', prefix .. 'open') end

at_end[#at_end + 1] = function()
  write_members()
  for bucket in pairs(went) do
    if redis.call('EXISTS', prefix .. 'i:' .. bucket) == 0 then redis.call('ZREM', prefix .. 'index', bucket) end
  end
  if has_written then
    local text = string.format('%.0f %.0f %.0f %d', open.moment, open.begins, open.newest, open.members)
    redis.call('SET', prefix .. 'open', text, 'PX', BUCKET_LIFE)
  end
  if came ~= 0 and redis.call('INCRBY', prefix .. 'live', came) <= 0 then redis.call('DEL', prefix .. 'live') end
  -- `live` and `index` must live as long as the newest bucket.
  if has_written then redis.call('PEXPIRE', prefix .. 'live', BUCKET_LIFE) end
  if has_begun then redis.call('PEXPIRE', prefix .. 'index', BUCKET_LIFE) end
end
