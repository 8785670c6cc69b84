import { stringify } from 'yaml'
import { alerts } from './alerts.ts'
import { dashboard } from './dashboard.ts'

/** As Prometheus reads them; the same is the spec of a PrometheusRule. */
export const alertsText: string = stringify(
  {
    groups: [
      {
        name: 'srouter',
        rules: alerts.map(({ alert, expr, for: wait, severity, summary, description }) => ({
          alert,
          expr,
          ...(wait === undefined ? {} : { for: wait }),
          labels: { severity },
          annotations: { summary, description },
        })),
      },
    ],
  },
  { lineWidth: 0 },
)

export const dashboardText = `${JSON.stringify(dashboard, null, 2)}\n`
