{{- define "emailauth.labels" -}}
app.kubernetes.io/name: emailauth
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* What has pods, as YAML, since templates give text alone. */ -}}
{{- define "emailauth.components" -}}
{{- if eq .Values.mode "separate" -}}
components: [gateway, persistence, mailer]
{{- else if eq .Values.mode "serve" -}}
components: [serve]
{{- else -}}
{{- fail (printf "mode must be separate or serve, and is %s" .Values.mode) -}}
{{- end -}}
{{- end }}

{{- /* The one that clients reach. */ -}}
{{- define "emailauth.front" -}}
{{ ternary "serve" "gateway" (eq .Values.mode "serve") }}
{{- end }}

{{- define "emailauth.ports" -}}
gateway: 4000
serve: 4000
persistence: 4001
mailer: 4002
{{- end }}

{{- /* The keys of the Secret that a service may have. */ -}}
{{- define "emailauth.secrets" -}}
gateway: [EMAILAUTH_SERVICE_TOKEN]
persistence: [EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_REDIS_URL, EMAILAUTH_SECRET_KEYS]
mailer: [EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_REDIS_URL, EMAILAUTH_MAILER_KEYS, EMAILAUTH_SMTP_URL]
serve: [EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_REDIS_URL, EMAILAUTH_SECRET_KEYS, EMAILAUTH_MAILER_KEYS, EMAILAUTH_SMTP_URL]
{{- end }}
