-- List: one page of live identities, newest first: by their place in the order of pages (buckets.lua), then by member, both descending.
--
-- ARGV 1 how many   2 place of the entry before the page, or '' for the first page   3 its member, or ''
-- Replies {live identities, next place or '', next member, place, member, record, place, member, record, …}
--         where "next" is set when the step was bounded before the page was full: go on from there.

local MOST_LOOKED_AT, BUCKETS_AT_ONCE = 500, 4
local LOWEST = string.rep('\0', 16)
local want, after, after_member = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local page = { live_count(), '', '' }

-- Byte by byte; Lua's own "<" follows the server's locale.
local function is_less(a, b)
  for i = 1, #a do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return false
end

local function stands_before(a, b) return is_less(b.member, a.member) end

local found, looked_at = 0, 0

-- Adds entries of one place, as many as the page has room for.
local function add(place, entries)
  if #entries > 1 then table.sort(entries, stands_before) end
  for i = 1, math.min(#entries, want - found) do
    for _, value in ipairs({ place, entries[i].member, entries[i].record }) do page[#page + 1] = value end
    found = found + 1
  end
end

-- Adds what lives of a bucket and stands after the page's beginning. Its members stand in the order of their createdAt, so those of one place
-- follow one another.
local function add_bucket(bucket, begins)
  local members = redis.call('LRANGE', prefix .. 'i:' .. bucket, 0, -1)
  local place, entries = begins, {}
  for i = #members, 1, -1 do
    local member = members[i]
    local record = redis.call('GET', prefix .. 'n:' .. string.sub(member, 1, 12))
    looked_at = looked_at + 1
    -- A member may outlive its record by a moment, until it is swept.
    if record and salt_of(record) == string.sub(member, 13) then
      local its_place = math.max(begins, created_at(record))
      if its_place ~= place then
        add(string.format('%.0f', place), entries)
        if found == want then return end
        place, entries = its_place, {}
      end
      if not after or place < after or (place == after and is_less(member, after_member)) then
        entries[#entries + 1] = { member = member, record = record }
      end
    end
  end
  add(string.format('%.0f', place), entries)
end

local from = '+inf'
-- Where a bounded step left off, a whole bucket was done.
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
