import { expect, test } from 'vitest'
import { isExported, metricExportTimes } from './telemetry.config.ts'

const ALL = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector' }

test.each([
  [{}, [false, false]],
  [ALL, [true, true]],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, [false, false]],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector' }, [true, false]],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector' }, [false, true]],
  [{ ...ALL, OTEL_TRACES_EXPORTER: 'none' }, [false, true]],
  [{ ...ALL, OTEL_METRICS_EXPORTER: 'none' }, [true, false]],
  [{ ...ALL, OTEL_SDK_DISABLED: 'true' }, [false, false]],
])('with %j traces and metrics are exported: %j', (env, expected) => {
  expect([isExported('TRACES', env), isExported('METRICS', env)]).toEqual(expected)
})

test.each([
  [{}, 60_000, 30_000],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '5000' }, 5000, 5000],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '5000', OTEL_METRIC_EXPORT_TIMEOUT: '1000' }, 5000, 1000],
  [{ OTEL_METRIC_EXPORT_INTERVAL: 'soon', OTEL_METRIC_EXPORT_TIMEOUT: '-1' }, 60_000, 30_000],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '0' }, 60_000, 30_000],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '99999999999' }, 60_000, 30_000],
])(
  'with %j metrics are exported every %d ms within %d ms',
  (env, exportIntervalMillis, exportTimeoutMillis) => {
    expect(metricExportTimes(env)).toEqual({ exportIntervalMillis, exportTimeoutMillis })
  },
)
