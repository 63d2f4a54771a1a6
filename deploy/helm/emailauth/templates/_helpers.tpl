{{- define "emailauth.labels" -}}
app.kubernetes.io/name: emailauth
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "emailauth.ports" -}}
gateway: 4000
persistence: 4001
mailer: 4002
{{- end }}

{{- /* The keys of the Secret that a service may have. */ -}}
{{- define "emailauth.secrets" -}}
gateway: [EMAILAUTH_SERVICE_TOKEN]
persistence: [EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_REDIS_URL, EMAILAUTH_SECRET_KEYS]
mailer: [EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_REDIS_URL, EMAILAUTH_MAILER_KEYS, EMAILAUTH_SMTP_URL]
{{- end }}
