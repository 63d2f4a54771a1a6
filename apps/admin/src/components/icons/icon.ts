/**
 * Tabler Icons 3.51.0, MIT licence, copyright (c) 2020-2026 Paweł Kuna, https://tabler.io/icons
 * Here are those that the dashboard shows. The package has 6,300 files, which each install unpacked.
 */
import { createElement, type ReactElement, type SVGProps } from 'react'

/** Props of an icon: the side of its square in pixels, and the width of its lines on a grid of 24. */
interface IconProps extends Omit<SVGProps<SVGSVGElement>, 'stroke'> {
  readonly size?: number
  readonly stroke?: number
}

export type Icon = (props: IconProps) => ReactElement

export function icon(path: string): Icon {
  return ({ size = 24, stroke = 2, ...rest }) =>
    createElement(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width: size,
        height: size,
        viewBox: '0 0 24 24',
        fill: 'none',
        stroke: 'currentColor',
        strokeWidth: stroke,
        strokeLinecap: 'round',
        strokeLinejoin: 'round',
        ...rest,
      },
      createElement('path', { d: path }),
    )
}
