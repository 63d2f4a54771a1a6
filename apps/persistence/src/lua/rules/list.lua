-- List: one page of live identities, newest first: by score, max(createdAt, bucket start), then by member,
-- both descending (buckets.lua).
--
-- arg.many          how many
-- arg.afterScore    score of the entry before the page, or '' for the first page
-- arg.afterMember   its member, or ''
--
-- Replies {live identities, next score or '', next member, score, member, record, score, member, record, …}
--         "next" is set when the bounded step ended before the page was full. The next step begins there.
--- @include partition
--- @include buckets

local MOST_LOOKED_AT, BUCKETS_AT_ONCE = 500, 4
local LOWEST = string.rep('\0', 16)
local want, after, after_member = tonumber(arg.many), tonumber(arg.afterScore), arg.afterMember
local page = { live_count(), '', '' }

-- Compares bytes, because Lua's own "<" depends on the server's locale.
local function is_less(a, b)
  for i = 1, #a do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return false
end

local function sorts_before(a, b) return is_less(b.member, a.member) end

local found, looked_at = 0, 0

-- Adds entries of one score, as many as the page has room for.
local function add(score, entries)
  if #entries > 1 then table.sort(entries, sorts_before) end
  for i = 1, math.min(#entries, want - found) do
    for _, value in ipairs({ score, entries[i].member, entries[i].record }) do page[#page + 1] = value end
    found = found + 1
  end
end

-- Adds the live identities of a bucket that sort after the beginning of the page. The list is in the order of
-- createdAt, so those of one score follow one another.
local function add_bucket(bucket, begins)
  local members = redis.call('LRANGE', prefix .. 'i:' .. bucket, 0, -1)
  local score, entries = begins, {}
  for i = #members, 1, -1 do
    local member = members[i]
    local record = redis.call('GET', prefix .. 'n:' .. string.sub(member, 1, 12))
    looked_at = looked_at + 1
    -- A member may outlive its record until it is swept.
    if record and salt_of(record) == string.sub(member, 13) then
      local its_score = math.max(begins, created_at(record))
      if its_score ~= score then
        add(string.format('%.0f', score), entries)
        if found == want then return end
        score, entries = its_score, {}
      end
      if not after or score < after or (score == after and is_less(member, after_member)) then
        entries[#entries + 1] = { member = member, record = record }
      end
    end
  end
  add(string.format('%.0f', score), entries)
end

local from = '+inf'
-- A bounded step ends after a whole bucket.
if after then from = (after_member == LOWEST and '(' or '') .. string.format('%.0f', after) end
while found < want do
  local buckets =
    redis.call('ZREVRANGEBYSCORE', prefix .. 'index', from, '-inf', 'WITHSCORES', 'LIMIT', 0, BUCKETS_AT_ONCE)
  if #buckets == 0 then return page end
  for i = 1, #buckets, 2 do
    add_bucket(buckets[i], tonumber(buckets[i + 1]))
    if found == want then return page end
    if looked_at >= MOST_LOOKED_AT then
      page[2], page[3] = buckets[i + 1], LOWEST
      return page
    end
  end
  from = '(' .. buckets[#buckets]
end
return page
